-- The books. Nobody writes these tables but the functions beside this file; the triggers hold the owner to that too.

CREATE TYPE ledger_bucket AS ENUM
    ('issuing', 'pending', 'available', 'held', 'spent', 'expired', 'revoked', 'repaid');

-- One member's balance in one unit: the row an operation locks first.
CREATE TABLE ledger_account (
    merchant_id uuid NOT NULL,
    id          uuid NOT NULL,
    member_id   uuid NOT NULL,
    unit_id     uuid NOT NULL,
    available   bigint NOT NULL DEFAULT 0,
    pending     bigint NOT NULL DEFAULT 0,
    held        bigint NOT NULL DEFAULT 0,
    debt        bigint NOT NULL DEFAULT 0,
    last_seq    bigint NOT NULL DEFAULT 0,
    opened_at   timestamptz NOT NULL DEFAULT now(),
    -- One CHECK, not five: PostgreSQL reads and prepares each of them anew for every statement that writes the row.
    -- And short: `least` is one comparison where there were four.
    CONSTRAINT ledger_account_sound CHECK (least(available, pending, held, debt) >= 0 AND (debt = 0 OR available = 0)),
    PRIMARY KEY (merchant_id, id),
    UNIQUE (merchant_id, member_id, unit_id),
    FOREIGN KEY (merchant_id, member_id) REFERENCES members_member (merchant_id, id),
    FOREIGN KEY (merchant_id, unit_id) REFERENCES loyalty_unit (merchant_id, id)
) WITH (fillfactor = 70);  -- room for the next version of the row on the same page

-- Units awarded together. A unit is in exactly one bucket, always. A lot begins by a movement out of `issuing`, which
-- its own trigger writes: `entry_id` is what awarded it, `seq` that movement's place in the account's story.
CREATE TABLE ledger_lot (
    merchant_id uuid NOT NULL,
    id          uuid NOT NULL,
    account_id  uuid NOT NULL,
    entry_id    uuid NOT NULL,
    seq         bigint NOT NULL,
    granted     bigint NOT NULL,
    pending     bigint NOT NULL DEFAULT 0,
    available   bigint NOT NULL DEFAULT 0,
    held        bigint NOT NULL DEFAULT 0,
    spent       bigint NOT NULL DEFAULT 0,
    expired     bigint NOT NULL DEFAULT 0,
    revoked     bigint NOT NULL DEFAULT 0,
    repaid      bigint NOT NULL DEFAULT 0,
    vests_at    timestamptz,
    expires_at  timestamptz,
    -- An index on a counter would make every posting write it; this changes twice in a lot's life.
    is_open     boolean GENERATED ALWAYS AS (pending + available + held > 0) STORED,
    CONSTRAINT ledger_lot_sound CHECK (
        granted > 0 AND least(pending, available, held, spent, expired, revoked, repaid) >= 0
        AND granted = pending + available + held + spent + expired + revoked + repaid),
    PRIMARY KEY (merchant_id, id)
) WITH (fillfactor = 90);
CREATE INDEX ledger_lot_open ON ledger_lot (merchant_id, account_id, expires_at, id) WHERE is_open;

-- One operation. Its id is the idempotency key. A decline is an entry too: a retry never turns a no into a yes.
CREATE TABLE ledger_entry (
    merchant_id     uuid NOT NULL,
    id              uuid NOT NULL,
    account_id      uuid NOT NULL,
    kind            text NOT NULL,
    outcome         text NOT NULL,
    amount          bigint NOT NULL,
    available_after bigint NOT NULL,
    last_seq        bigint NOT NULL,
    fingerprint     bytea NOT NULL,
    reasons         jsonb NOT NULL,
    cause_id        uuid,               -- the purchase, or whatever it follows from
    actor_id        uuid,               -- the staff member or API key; NULL is the system
    occurred_at     timestamptz NOT NULL,
    recorded_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ledger_entry_sound CHECK (
        kind IN ('award', 'spend') AND outcome IN ('posted', 'insufficient_units') AND amount > 0),
    PRIMARY KEY (merchant_id, id)
);
CREATE INDEX ledger_entry_story ON ledger_entry (merchant_id, account_id, last_seq);

-- Units of a lot, moved from one bucket to another. Balanced by construction, gap-free, for ever.
CREATE TABLE ledger_movement (
    merchant_id uuid NOT NULL,
    account_id  uuid NOT NULL,
    seq         bigint NOT NULL,
    entry_id    uuid NOT NULL,
    lot_id      uuid NOT NULL,
    source      ledger_bucket NOT NULL,
    target      ledger_bucket NOT NULL,
    amount      bigint NOT NULL,
    CONSTRAINT ledger_movement_legal CHECK (
        seq > 0 AND amount > 0
        AND (source = 'issuing' AND target = 'available' OR source = 'available' AND target = 'spent')),
    PRIMARY KEY (merchant_id, account_id, seq)
);
