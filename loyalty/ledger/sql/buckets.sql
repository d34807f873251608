-- The books complete: every bucket has its arcs, debt has its writer, a hold has its row.

ALTER TABLE ledger_lot
    ADD COLUMN moved     bigint NOT NULL DEFAULT 0,  -- gone to the account that this one was merged into, or back
    ADD COLUMN came_from uuid,                       -- the lot of the other account whose units these were
    -- When something happens to this lot by itself. It changes when a counter becomes zero and not before, so an index on
    -- it costs a posting nothing.
    ADD COLUMN due_at    timestamptz GENERATED ALWAYS AS
        (CASE WHEN pending > 0 THEN vests_at WHEN available > 0 THEN expires_at END) STORED,
    DROP CONSTRAINT ledger_lot_sound,
    ADD CONSTRAINT ledger_lot_sound CHECK (
        granted > 0 AND least(pending, available, held, spent, expired, revoked, repaid, moved) >= 0
        AND granted = pending + available + held + spent + expired + revoked + repaid + moved);
CREATE INDEX ledger_lot_due ON ledger_lot (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX ledger_lot_came_from ON ledger_lot (merchant_id, came_from) WHERE came_from IS NOT NULL;

-- `available_after` is what is available less what is owed: below zero, a debt. `owed` is what this entry made a debt, or
-- took over, or handed on. `refers_to` is the entry that this one closes or undoes.
ALTER TABLE ledger_entry
    ADD COLUMN owed      bigint NOT NULL DEFAULT 0,
    ADD COLUMN refers_to uuid,
    DROP CONSTRAINT ledger_entry_sound,
    ADD CONSTRAINT ledger_entry_sound CHECK (
        kind IN ('award', 'spend', 'take_back', 'vest', 'hold', 'capture', 'release', 'return', 'expire', 'adjust', 'merge')
        AND outcome IN ('posted', 'insufficient_units', 'exceeds_original', 'hold_closed', 'holds_open', 'nothing_pending')
        AND (amount > 0 OR kind = 'merge' AND amount = 0 AND owed <> 0)
        AND (owed = 0 OR outcome = 'posted' AND (kind = 'take_back' AND owed > 0 OR kind = 'merge')));
CREATE INDEX ledger_entry_refers ON ledger_entry (merchant_id, refers_to) WHERE refers_to IS NOT NULL;

-- `extends_to`: units that come back to a lot make it live until then, though it may have died meanwhile.
ALTER TABLE ledger_movement
    ADD COLUMN extends_to timestamptz,
    DROP CONSTRAINT ledger_movement_legal,
    ADD CONSTRAINT ledger_movement_legal CHECK (
        seq > 0 AND amount > 0 AND (extends_to IS NULL OR source IN ('spent', 'moved'))
        AND CASE source
            WHEN 'issuing'   THEN target IN ('available', 'pending', 'repaid')
            WHEN 'available' THEN target IN ('spent', 'held', 'expired', 'revoked', 'moved')
            WHEN 'pending'   THEN target IN ('available', 'repaid', 'revoked', 'moved')
            WHEN 'held'      THEN target IN ('spent', 'available', 'repaid')
            WHEN 'spent'     THEN target IN ('available', 'repaid')
            WHEN 'expired'   THEN target = 'revoked'
            WHEN 'moved'     THEN target IN ('available', 'pending', 'repaid')
            ELSE false END);

-- Units set aside until a moment. It closes once: by a capture, a release, or a release when its time is out.
CREATE TABLE ledger_hold (
    merchant_id uuid NOT NULL,
    id          uuid NOT NULL,  -- its entry's
    account_id  uuid NOT NULL,
    amount      bigint NOT NULL,
    until       timestamptz NOT NULL,
    closed_by   uuid,           -- the entry that closed it
    CONSTRAINT ledger_hold_sound CHECK (amount > 0),
    PRIMARY KEY (merchant_id, id)
);
CREATE INDEX ledger_hold_open ON ledger_hold (merchant_id, account_id, until, id) WHERE closed_by IS NULL;
CREATE INDEX ledger_hold_due ON ledger_hold (until) WHERE closed_by IS NULL;

CREATE FUNCTION ledger_close_hold_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_by IS NULL AND NEW.closed_by IS NOT NULL
       AND to_jsonb(NEW) - 'closed_by' = to_jsonb(OLD) - 'closed_by' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'ledger: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER once BEFORE UPDATE ON ledger_hold FOR EACH ROW EXECUTE FUNCTION ledger_close_hold_once();
CREATE TRIGGER keep BEFORE DELETE ON ledger_hold FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON ledger_hold FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();

-- Debt has two writers, both triggers: an entry that owes, and a movement that repays.
CREATE FUNCTION ledger_owe() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ledger_account SET debt = debt + NEW.owed WHERE merchant_id = NEW.merchant_id AND id = NEW.account_id;
    RETURN NULL;
END $$;
CREATE TRIGGER owe AFTER INSERT ON ledger_entry FOR EACH ROW WHEN (NEW.owed <> 0) EXECUTE FUNCTION ledger_owe();

-- A lot begins with its units available, or pending, or (while its member owes) with a part that repays: one movement out
-- of `issuing` for each bucket it begins with.
CREATE OR REPLACE FUNCTION ledger_issue_lot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_mixed boolean := NEW.repaid > 0 AND NEW.repaid < NEW.granted;
BEGIN
    IF NEW.available + NEW.repaid <> NEW.granted AND NEW.pending <> NEW.granted THEN
        RAISE EXCEPTION 'ledger: a lot begins with all its units available, or pending'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    WITH counted AS (
        UPDATE ledger_account SET
            available = available + NEW.available, pending = pending + NEW.pending, debt = debt - NEW.repaid,
            last_seq = CASE WHEN v_mixed THEN NEW.seq + 1 ELSE NEW.seq END
        WHERE merchant_id = NEW.merchant_id AND id = NEW.account_id AND last_seq = NEW.seq - 1
        RETURNING id
    )
    INSERT INTO ledger_movement (merchant_id, account_id, seq, entry_id, lot_id, source, target, amount)
    SELECT NEW.merchant_id, id, NEW.seq, NEW.entry_id, NEW.id, 'issuing',
           CASE WHEN NEW.repaid > 0 THEN 'repaid' WHEN NEW.pending > 0 THEN 'pending' ELSE 'available' END::ledger_bucket,
           CASE WHEN v_mixed THEN NEW.repaid ELSE NEW.granted END
    FROM counted;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger: movements follow each other without a gap' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF v_mixed THEN
        INSERT INTO ledger_movement (merchant_id, account_id, seq, entry_id, lot_id, source, target, amount)
        VALUES (NEW.merchant_id, NEW.account_id, NEW.seq + 1, NEW.entry_id, NEW.id, 'issuing', 'available', NEW.available);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION ledger_apply_movement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.source = 'issuing' THEN
        IF pg_trigger_depth() = 1 THEN
            RAISE EXCEPTION 'ledger: units are issued by their lot' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NULL;  -- the lot's own trigger wrote it, and counted it
    END IF;
    UPDATE ledger_lot SET
        pending    = pending   + CASE WHEN NEW.target = 'pending' THEN NEW.amount WHEN NEW.source = 'pending' THEN -NEW.amount ELSE 0 END,
        available  = available + CASE WHEN NEW.target = 'available' THEN NEW.amount WHEN NEW.source = 'available' THEN -NEW.amount ELSE 0 END,
        held       = held      + CASE WHEN NEW.target = 'held' THEN NEW.amount WHEN NEW.source = 'held' THEN -NEW.amount ELSE 0 END,
        spent      = spent     + CASE WHEN NEW.target = 'spent' THEN NEW.amount WHEN NEW.source = 'spent' THEN -NEW.amount ELSE 0 END,
        expired    = expired   + CASE WHEN NEW.target = 'expired' THEN NEW.amount WHEN NEW.source = 'expired' THEN -NEW.amount ELSE 0 END,
        revoked    = revoked   + CASE WHEN NEW.target = 'revoked' THEN NEW.amount ELSE 0 END,
        repaid     = repaid    + CASE WHEN NEW.target = 'repaid' THEN NEW.amount ELSE 0 END,
        moved      = moved     + CASE WHEN NEW.target = 'moved' THEN NEW.amount WHEN NEW.source = 'moved' THEN -NEW.amount ELSE 0 END,
        expires_at = coalesce(NEW.extends_to, expires_at)
    WHERE merchant_id = NEW.merchant_id AND id = NEW.lot_id AND account_id = NEW.account_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger: a movement needs a lot of its own account' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE ledger_account SET
        pending   = pending   + CASE WHEN NEW.target = 'pending' THEN NEW.amount WHEN NEW.source = 'pending' THEN -NEW.amount ELSE 0 END,
        available = available + CASE WHEN NEW.target = 'available' THEN NEW.amount WHEN NEW.source = 'available' THEN -NEW.amount ELSE 0 END,
        held      = held      + CASE WHEN NEW.target = 'held' THEN NEW.amount WHEN NEW.source = 'held' THEN -NEW.amount ELSE 0 END,
        debt      = debt      - CASE WHEN NEW.target = 'repaid' THEN NEW.amount ELSE 0 END,
        last_seq  = NEW.seq
    WHERE merchant_id = NEW.merchant_id AND id = NEW.account_id AND last_seq = NEW.seq - 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger: movements follow each other without a gap' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
