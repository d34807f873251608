-- Operations. One call, one lock, one transaction. They run as the owner, under the caller's merchant scope:
-- row-level security is forced on the owner too, so a wrong merchant is refused here as anywhere.
-- After waiting for the lock each statement sees the newest rows (VOLATILE, READ COMMITTED): never one clever CTE.

CREATE TYPE ledger_answer AS (
    outcome   text,      -- posted, insufficient_units, stale, key_reused
    replayed  boolean,   -- the entry was there already, and this is its answer
    amount    bigint,
    available bigint,    -- after the entry
    last_seq  bigint
);

CREATE FUNCTION ledger_open(p_merchant uuid, p_account uuid, p_member uuid, p_unit uuid) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_account uuid;
BEGIN
    INSERT INTO ledger_account (merchant_id, id, member_id, unit_id)
    VALUES (p_merchant, p_account, p_member, p_unit)
    ON CONFLICT (merchant_id, member_id, unit_id) DO NOTHING;
    SELECT id INTO v_account FROM ledger_account
    WHERE merchant_id = p_merchant AND member_id = p_member AND unit_id = p_unit;
    RETURN v_account;
END $$;

-- The earlier answer of an entry, or NULL. Called under the account's lock.
CREATE FUNCTION ledger_recall(p_merchant uuid, p_entry uuid, p_account uuid, p_fingerprint bytea) RETURNS ledger_answer
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_entry ledger_entry;
BEGIN
    SELECT * INTO v_entry FROM ledger_entry WHERE merchant_id = p_merchant AND id = p_entry;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF v_entry.account_id <> p_account OR v_entry.fingerprint <> p_fingerprint THEN
        RETURN ROW('key_reused', false, NULL, NULL, NULL)::ledger_answer;
    END IF;
    RETURN ROW(v_entry.outcome, true, v_entry.amount, v_entry.available_after, v_entry.last_seq)::ledger_answer;
END $$;

-- The writing half of an award, for callers that hold the account's lock and know its `last_seq`: an entry, an event and
-- a lot, whose trigger moves its units into `available`. Safe without the lock too: two that follow the same seq cannot
-- both be.
CREATE FUNCTION ledger_issue(
    p_merchant uuid, p_entry uuid, p_account uuid, p_seq bigint, p_fingerprint bytea, p_lot uuid, p_amount bigint,
    p_expires_at timestamptz, p_reasons jsonb, p_cause uuid, p_actor uuid, p_occurred_at timestamptz, p_event uuid
) RETURNS ledger_answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_available bigint;
BEGIN
    WITH account AS (  -- as it stands before: triggers come last
        SELECT available + p_amount AS available, member_id, unit_id
        FROM ledger_account WHERE merchant_id = p_merchant AND id = p_account
    ), event AS (
        INSERT INTO core_event (merchant_id, id, name, payload, recorded_at, due_at, attempts, done, last_error)
        SELECT p_merchant, p_event, 'points.earned',
               jsonb_build_object('entry', p_entry, 'member', member_id, 'unit', unit_id, 'amount', p_amount,
                                  'cause', p_cause, 'occurred_at', p_occurred_at),
               now(), now(), 0, '{}', ''
        FROM account
    ), lot AS (
        INSERT INTO ledger_lot (merchant_id, id, account_id, entry_id, seq, granted, available, expires_at)
        VALUES (p_merchant, p_lot, p_account, p_entry, p_seq + 1, p_amount, p_amount, p_expires_at)
    )
    INSERT INTO ledger_entry (merchant_id, id, account_id, kind, outcome, amount, available_after, last_seq,
                              fingerprint, reasons, cause_id, actor_id, occurred_at)
    SELECT p_merchant, p_entry, p_account, 'award', 'posted', p_amount, available, p_seq + 1,
           p_fingerprint, p_reasons, p_cause, p_actor, p_occurred_at
    FROM account
    RETURNING available_after INTO v_available;
    RETURN ROW('posted', false, p_amount, v_available, p_seq + 1)::ledger_answer;
END $$;

-- Give units: a lot, one movement into `available`, an entry, an event.
-- `p_expected_seq`: refuse as stale if the account has moved since the caller looked; NULL does not ask.
CREATE FUNCTION ledger_award(
    p_merchant uuid, p_entry uuid, p_account uuid, p_fingerprint bytea, p_lot uuid, p_amount bigint,
    p_expires_at timestamptz, p_reasons jsonb, p_cause uuid, p_actor uuid, p_occurred_at timestamptz,
    p_event uuid, p_expected_seq bigint
) RETURNS ledger_answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_account ledger_account;
    v_answer  ledger_answer;
BEGIN
    SELECT * INTO v_account FROM ledger_account
    WHERE merchant_id = p_merchant AND id = p_account FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger: no such account' USING ERRCODE = 'foreign_key_violation';
    END IF;
    v_answer := ledger_recall(p_merchant, p_entry, p_account, p_fingerprint);
    IF v_answer.outcome IS NOT NULL THEN
        RETURN v_answer;
    ELSIF v_account.last_seq <> p_expected_seq THEN
        RETURN ROW('stale', false, NULL, v_account.available, v_account.last_seq)::ledger_answer;
    END IF;
    RETURN ledger_issue(p_merchant, p_entry, p_account, v_account.last_seq, p_fingerprint, p_lot, p_amount, p_expires_at,
                        p_reasons, p_cause, p_actor, p_occurred_at, p_event);
END $$;

-- Use units, soonest-expiring lot first, never a dead one. Too few: a declined entry, and nothing moves.
CREATE FUNCTION ledger_spend(
    p_merchant uuid, p_entry uuid, p_account uuid, p_fingerprint bytea, p_amount bigint,
    p_reasons jsonb, p_cause uuid, p_actor uuid, p_occurred_at timestamptz, p_event uuid, p_now timestamptz
) RETURNS ledger_answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_account ledger_account;
    v_answer  ledger_answer;
    v_lot     record;
    v_part    bigint;
    v_left    bigint := p_amount;
    v_seq     bigint;
    v_usable  bigint;
BEGIN
    p_now := greatest(p_now, now());  -- nobody turns back the clock to spend what has expired
    SELECT * INTO v_account FROM ledger_account
    WHERE merchant_id = p_merchant AND id = p_account FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger: no such account' USING ERRCODE = 'foreign_key_violation';
    END IF;
    v_answer := ledger_recall(p_merchant, p_entry, p_account, p_fingerprint);
    IF v_answer.outcome IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    SELECT coalesce(sum(available), 0) INTO v_usable FROM ledger_lot
    WHERE merchant_id = p_merchant AND account_id = p_account AND is_open
      AND (expires_at IS NULL OR expires_at > p_now);
    v_seq := v_account.last_seq;
    IF v_usable < p_amount THEN
        INSERT INTO ledger_entry (merchant_id, id, account_id, kind, outcome, amount, available_after, last_seq,
                                  fingerprint, reasons, cause_id, actor_id, occurred_at)
        VALUES (p_merchant, p_entry, p_account, 'spend', 'insufficient_units', p_amount, v_account.available, v_seq,
                p_fingerprint, p_reasons, p_cause, p_actor, p_occurred_at);
        RETURN ROW('insufficient_units', false, p_amount, v_account.available, v_seq)::ledger_answer;
    END IF;
    FOR v_lot IN
        SELECT id, available FROM ledger_lot
        WHERE merchant_id = p_merchant AND account_id = p_account AND is_open AND available > 0
          AND (expires_at IS NULL OR expires_at > p_now)
        ORDER BY expires_at NULLS LAST, id
    LOOP
        v_part := least(v_left, v_lot.available);
        v_seq := v_seq + 1;
        v_left := v_left - v_part;
        INSERT INTO ledger_movement (merchant_id, account_id, seq, entry_id, lot_id, source, target, amount)
        VALUES (p_merchant, p_account, v_seq, p_entry, v_lot.id, 'available', 'spent', v_part);
        EXIT WHEN v_left = 0;
    END LOOP;
    INSERT INTO ledger_entry (merchant_id, id, account_id, kind, outcome, amount, available_after, last_seq,
                              fingerprint, reasons, cause_id, actor_id, occurred_at)
    VALUES (p_merchant, p_entry, p_account, 'spend', 'posted', p_amount, v_account.available - p_amount, v_seq,
            p_fingerprint, p_reasons, p_cause, p_actor, p_occurred_at);
    p_event := ledger_tell(p_merchant, p_event, 'points.spent', v_account, p_entry, p_amount, p_cause, p_occurred_at);
    RETURN ROW('posted', false, p_amount, v_account.available - p_amount, v_seq)::ledger_answer;
END $$;

-- The outbox row of a posted entry, in the same transaction. No NOTIFY: it would take a global lock at commit.
CREATE FUNCTION ledger_tell(
    p_merchant uuid, p_event uuid, p_name text, p_account ledger_account, p_entry uuid, p_amount bigint,
    p_cause uuid, p_occurred_at timestamptz
) RETURNS uuid LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO core_event (merchant_id, id, name, payload, recorded_at, due_at, attempts, done, last_error)
    VALUES (p_merchant, p_event, p_name,
            jsonb_build_object('entry', p_entry, 'member', p_account.member_id, 'unit', p_account.unit_id,
                               'amount', p_amount, 'cause', p_cause, 'occurred_at', p_occurred_at),
            now(), now(), 0, '{}', '');
    RETURN p_event;
END $$;

-- Lock all accounts of a member, in id order: what a posting that spans units does first. Tells whether each account
-- of `p_seqs` ({account: last_seq}) is the member's and stands where the caller saw it.
CREATE FUNCTION ledger_lock(p_merchant uuid, p_member uuid, p_seqs jsonb) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN (
        SELECT count(*) FILTER (WHERE last_seq = (p_seqs ->> id::text)::bigint)
             = (SELECT count(*) FROM jsonb_object_keys(p_seqs))
        FROM (SELECT id, last_seq FROM ledger_account WHERE merchant_id = p_merchant AND member_id = p_member
              ORDER BY id FOR NO KEY UPDATE) account
    );
END $$;
