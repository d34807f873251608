-- A merge carries along what is set aside, and parting brings it back: the hold keeps its id, its end and its redemption, and
-- stands in the account that its units are in. They are in lots of the same age and expiry there, as all that a merge moves.

-- Which movements of its account set its units aside: those of the entry that carried it there; NULL, those of its own entry.
ALTER TABLE ledger_hold
    ADD COLUMN first_seq bigint,
    ADD COLUMN last_seq  bigint,
    ADD CONSTRAINT ledger_hold_seat CHECK (first_seq <= last_seq AND (first_seq IS NULL) = (last_seq IS NULL));

ALTER TABLE ledger_movement
    DROP CONSTRAINT ledger_movement_legal,
    ADD CONSTRAINT ledger_movement_legal CHECK (
        seq > 0 AND amount > 0 AND (extends_to IS NULL OR source IN ('spent', 'moved'))
        AND CASE source
            WHEN 'issuing'   THEN target IN ('available', 'pending', 'held', 'repaid')
            WHEN 'available' THEN target IN ('spent', 'held', 'expired', 'revoked', 'moved')
            WHEN 'pending'   THEN target IN ('available', 'repaid', 'revoked', 'moved')
            WHEN 'held'      THEN target IN ('spent', 'available', 'repaid', 'moved')
            WHEN 'spent'     THEN target IN ('available', 'repaid')
            WHEN 'expired'   THEN target = 'revoked'
            WHEN 'moved'     THEN target IN ('available', 'pending', 'held', 'repaid')
            ELSE false END);

-- A hold is closed once, and until then it may be carried; nothing else about it changes.
CREATE OR REPLACE FUNCTION ledger_close_hold_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_free text[] := CASE WHEN NEW.closed_by IS NULL THEN '{account_id,first_seq,last_seq}' ELSE '{closed_by}' END;
BEGIN
    IF OLD.closed_by IS NULL AND to_jsonb(NEW) - v_free = to_jsonb(OLD) - v_free THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'ledger: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

-- As in `buckets.sql`, and a lot may begin with its units set aside.
CREATE OR REPLACE FUNCTION ledger_issue_lot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_mixed boolean := NEW.repaid > 0 AND NEW.repaid < NEW.granted;
BEGIN
    IF NEW.available + NEW.repaid <> NEW.granted AND NEW.pending <> NEW.granted AND NEW.held <> NEW.granted THEN
        RAISE EXCEPTION 'ledger: a lot begins with all its units available, pending, or set aside'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    WITH counted AS (
        UPDATE ledger_account SET
            available = available + NEW.available, pending = pending + NEW.pending, held = held + NEW.held,
            debt = debt - NEW.repaid, last_seq = CASE WHEN v_mixed THEN NEW.seq + 1 ELSE NEW.seq END
        WHERE merchant_id = NEW.merchant_id AND id = NEW.account_id AND last_seq = NEW.seq - 1
        RETURNING id
    )
    INSERT INTO ledger_movement (merchant_id, account_id, seq, entry_id, lot_id, source, target, amount)
    SELECT NEW.merchant_id, id, NEW.seq, NEW.entry_id, NEW.id, 'issuing',
           CASE WHEN NEW.repaid > 0 THEN 'repaid' WHEN NEW.pending > 0 THEN 'pending' WHEN NEW.held > 0 THEN 'held'
                ELSE 'available' END::ledger_bucket,
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

-- The lots in which a hold has its units, and how many in each.
CREATE FUNCTION ledger_parts_of(p_hold ledger_hold) RETURNS TABLE (lot_id uuid, amount bigint) LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF p_hold.first_seq IS NULL THEN
        RETURN QUERY SELECT m.lot_id, m.amount FROM ledger_movements_of(p_hold.merchant_id, p_hold.id) m;
    ELSE
        RETURN QUERY SELECT m.lot_id, m.amount FROM ledger_movement m
        WHERE m.merchant_id = p_hold.merchant_id AND m.account_id = p_hold.account_id
          AND m.seq BETWEEN p_hold.first_seq AND p_hold.last_seq
        ORDER BY m.seq;
    END IF;
END $$;

-- Whoever carried a hold's units into another account says so here. They are what moved there last, from `p_first` on.
CREATE FUNCTION ledger_seat(p_hold ledger_hold, p_account uuid, p_first bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    UPDATE ledger_hold h SET account_id = p_account, first_seq = p_first, last_seq = a.last_seq
    FROM ledger_account a
    WHERE h.merchant_id = p_hold.merchant_id AND h.id = p_hold.id AND a.merchant_id = h.merchant_id AND a.id = p_account;
END $$;

-- A hold is carried to another account by a merge: a lot there for each part.
CREATE FUNCTION ledger_carry_hold(p_hold ledger_hold, p_entry uuid, p_into uuid, p_entry_into uuid) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_first bigint;
    v_part  record;
BEGIN
    SELECT last_seq + 1 INTO v_first FROM ledger_account WHERE merchant_id = p_hold.merchant_id AND id = p_into;
    FOR v_part IN SELECT * FROM ledger_parts_of(p_hold) LOOP
        PERFORM ledger_move(p_hold.merchant_id, p_hold.account_id, p_entry, v_part.lot_id, 'held', 'moved', v_part.amount);
        INSERT INTO ledger_lot (merchant_id, id, account_id, entry_id, seq, granted, held, expires_at, came_from)
        SELECT l.merchant_id, ledger_id_as_old_as(l.id), p_into, p_entry_into, a.last_seq + 1, v_part.amount, v_part.amount,
               l.expires_at, l.id
        FROM ledger_lot l JOIN ledger_account a ON a.merchant_id = l.merchant_id AND a.id = p_into
        WHERE l.merchant_id = p_hold.merchant_id AND l.id = v_part.lot_id;
    END LOOP;
    PERFORM ledger_seat(p_hold, p_into, v_first);
END $$;

-- And home again, to the lots that its units came from.
CREATE FUNCTION ledger_bring_home(p_hold ledger_hold, p_entry uuid, p_from uuid, p_entry_from uuid) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_first bigint;
    v_part  record;
BEGIN
    SELECT last_seq + 1 INTO v_first FROM ledger_account WHERE merchant_id = p_hold.merchant_id AND id = p_from;
    FOR v_part IN SELECT * FROM ledger_parts_of(p_hold) LOOP
        PERFORM ledger_move(p_hold.merchant_id, p_hold.account_id, p_entry, v_part.lot_id, 'held', 'moved', v_part.amount);
        PERFORM ledger_move(p_hold.merchant_id, p_from, p_entry_from, l.came_from, 'moved', 'held', v_part.amount)
        FROM ledger_lot l WHERE l.merchant_id = p_hold.merchant_id AND l.id = v_part.lot_id;
    END LOOP;
    PERFORM ledger_seat(p_hold, p_from, v_first);
END $$;

-- The open holds that stand where this entry of a merge carried them.
CREATE FUNCTION ledger_carried_by(p_merchant uuid, p_account uuid, p_merge uuid) RETURNS SETOF ledger_hold
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT h.* FROM ledger_hold h
    JOIN ledger_movement m ON m.merchant_id = h.merchant_id AND m.account_id = h.account_id AND m.seq = h.first_seq
    WHERE h.merchant_id = p_merchant AND h.account_id = p_account AND h.closed_by IS NULL AND m.entry_id = p_merge
    ORDER BY h.id;
END $$;

-- As in `settling.sql`, wherever the units are by now.
CREATE OR REPLACE FUNCTION ledger_let_go(p_hold ledger_hold, p_entry uuid) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_part record;
BEGIN
    FOR v_part IN SELECT * FROM ledger_parts_of(p_hold) LOOP
        PERFORM ledger_come_back(p_hold.merchant_id, p_hold.account_id, p_entry, v_part.lot_id, 'held', v_part.amount);
    END LOOP;
    UPDATE ledger_hold SET closed_by = p_entry WHERE merchant_id = p_hold.merchant_id AND id = p_hold.id;
END $$;

-- As in `for_a_purchase.sql`, in the account where the units are by now.
CREATE OR REPLACE FUNCTION ledger_end_hold(
    p_merchant uuid, p_entry uuid, p_account uuid, p_fingerprint bytea, p_hold uuid, p_kind text, p_reasons jsonb,
    p_actor uuid, p_now timestamptz, p_cause uuid DEFAULT NULL
) RETURNS ledger_answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    v_answer  ledger_answer;
    v_entry   ledger_entry;
    v_hold    ledger_hold;
    v_outcome text := 'posted';
    v_part    record;
BEGIN
    p_now := greatest(p_now, now());
    v_answer := ledger_begin(p_merchant, p_account, p_entry, p_fingerprint, p_now);
    IF v_answer.outcome IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    v_entry := ledger_entry_of(p_merchant, p_hold, NULL, '{hold}');
    SELECT * INTO v_hold FROM ledger_hold WHERE merchant_id = p_merchant AND id = p_hold;
    IF v_hold.account_id <> p_account THEN
        RAISE EXCEPTION 'ledger: no such hold here' USING ERRCODE = 'foreign_key_violation';
    ELSIF v_hold.closed_by IS NOT NULL THEN
        v_outcome := 'hold_closed';
    ELSIF p_kind = 'release' THEN
        PERFORM ledger_let_go(v_hold, p_entry);
    ELSE
        FOR v_part IN SELECT * FROM ledger_parts_of(v_hold) LOOP
            PERFORM ledger_move(p_merchant, p_account, p_entry, v_part.lot_id, 'held', 'spent', v_part.amount);
        END LOOP;
        UPDATE ledger_hold SET closed_by = p_entry WHERE merchant_id = p_merchant AND id = p_hold;
    END IF;
    RETURN ledger_close(p_merchant, p_account, p_entry, p_kind, v_outcome, v_hold.amount, p_fingerprint, p_reasons,
                        coalesce(p_cause, v_entry.cause_id), p_hold, p_actor, p_now, NULL);
END $$;
