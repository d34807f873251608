-- What every operation begins with and ends with. It begins: the account's lock, the key's earlier answer, and what is due
-- by itself (holds whose time is out, units that vest, units that die), so a late sweeper never lets dead units be spent.
-- It ends: one entry and, if anything moved, one event.

-- One movement, next in its account's order. Nothing for nothing.
CREATE FUNCTION ledger_move(
    p_merchant uuid, p_account uuid, p_entry uuid, p_lot uuid, p_source ledger_bucket, p_target ledger_bucket,
    p_amount bigint, p_extends_to timestamptz DEFAULT NULL
) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF p_amount > 0 THEN
        INSERT INTO ledger_movement (merchant_id, account_id, seq, entry_id, lot_id, source, target, amount, extends_to)
        SELECT p_merchant, p_account, last_seq + 1, p_entry, p_lot, p_source, p_target, p_amount, p_extends_to
        FROM ledger_account WHERE merchant_id = p_merchant AND id = p_account;
    END IF;
END $$;

-- Units that come (back) to a member repay what is owed first; the rest is available.
CREATE FUNCTION ledger_come_back(
    p_merchant uuid, p_account uuid, p_entry uuid, p_lot uuid, p_source ledger_bucket, p_amount bigint,
    p_extends_to timestamptz DEFAULT NULL
) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_repaid bigint;
BEGIN
    SELECT least(debt, p_amount) INTO v_repaid FROM ledger_account WHERE merchant_id = p_merchant AND id = p_account;
    PERFORM ledger_move(p_merchant, p_account, p_entry, p_lot, p_source, 'repaid', v_repaid);
    PERFORM ledger_move(p_merchant, p_account, p_entry, p_lot, p_source, 'available', p_amount - v_repaid, p_extends_to);
END $$;

-- Units out of `available`, from the soonest-expiring lot on. The answer is how many there were not.
CREATE FUNCTION ledger_draw(p_merchant uuid, p_account uuid, p_entry uuid, p_target ledger_bucket, p_amount bigint)
RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_lot  record;
    v_part bigint;
BEGIN
    IF p_amount = 0 THEN
        RETURN 0;
    END IF;
    FOR v_lot IN
        SELECT id, available FROM ledger_lot
        WHERE merchant_id = p_merchant AND account_id = p_account AND is_open AND available > 0
        ORDER BY expires_at NULLS LAST, id
    LOOP
        v_part := least(p_amount, v_lot.available);
        p_amount := p_amount - v_part;
        PERFORM ledger_move(p_merchant, p_account, p_entry, v_lot.id, 'available', p_target, v_part);
        EXIT WHEN p_amount = 0;
    END LOOP;
    RETURN p_amount;
END $$;

-- The movements of one entry. They are those after the entry before it, up to its own last.
CREATE FUNCTION ledger_movements_of(p_merchant uuid, p_entry uuid) RETURNS SETOF ledger_movement
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_account uuid;
    v_last    bigint;
    v_before  bigint;
BEGIN
    SELECT account_id, last_seq INTO v_account, v_last FROM ledger_entry WHERE merchant_id = p_merchant AND id = p_entry;
    SELECT coalesce(max(last_seq), 0) INTO v_before FROM ledger_entry
    WHERE merchant_id = p_merchant AND account_id = v_account AND last_seq < v_last;
    RETURN QUERY SELECT * FROM ledger_movement
    WHERE merchant_id = p_merchant AND account_id = v_account AND seq > v_before AND seq <= v_last AND entry_id = p_entry
    ORDER BY seq;
END $$;

-- The outbox row of a posted entry, in the same transaction. No NOTIFY: it would take a global lock at commit.
DROP FUNCTION ledger_tell;
CREATE FUNCTION ledger_tell(
    p_merchant uuid, p_event uuid, p_kind text, p_member uuid, p_unit uuid, p_entry uuid, p_amount bigint,
    p_cause uuid, p_occurred_at timestamptz, p_refers_to uuid
) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO core_event (merchant_id, id, name, payload, recorded_at, due_at, attempts, done, last_error)
    VALUES (p_merchant, coalesce(p_event, gen_random_uuid()),
            CASE p_kind
                WHEN 'award' THEN 'points.earned' WHEN 'vest' THEN 'points.vested' WHEN 'hold' THEN 'points.held'
                WHEN 'release' THEN 'points.released' WHEN 'spend' THEN 'points.spent' WHEN 'capture' THEN 'points.spent'
                WHEN 'return' THEN 'points.returned' WHEN 'take_back' THEN 'points.taken_back'
                WHEN 'expire' THEN 'points.expired' WHEN 'adjust' THEN 'points.adjusted' WHEN 'merge' THEN 'points.moved'
            END,
            jsonb_build_object('entry', p_entry, 'member', p_member, 'unit', p_unit, 'amount', p_amount,
                               'cause', p_cause, 'occurred_at', p_occurred_at, 'refers_to', p_refers_to),
            now(), now(), 0, '{}', '');
END $$;

-- Writes the entry of what has just moved, or of a decline. The account is read after the movements.
CREATE FUNCTION ledger_close(
    p_merchant uuid, p_account uuid, p_entry uuid, p_kind text, p_outcome text, p_amount bigint, p_fingerprint bytea,
    p_reasons jsonb, p_cause uuid, p_refers_to uuid, p_actor uuid, p_occurred_at timestamptz, p_event uuid,
    p_owed bigint DEFAULT 0
) RETURNS ledger_answer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_account ledger_account;
    v_after   bigint;
BEGIN
    SELECT * INTO v_account FROM ledger_account WHERE merchant_id = p_merchant AND id = p_account;
    v_after := v_account.available - v_account.debt - p_owed;
    INSERT INTO ledger_entry (merchant_id, id, account_id, kind, outcome, amount, available_after, last_seq, fingerprint,
                              reasons, cause_id, refers_to, actor_id, occurred_at, owed)
    VALUES (p_merchant, p_entry, p_account, p_kind, p_outcome, p_amount, v_after, v_account.last_seq, p_fingerprint,
            p_reasons, p_cause, p_refers_to, p_actor, p_occurred_at, p_owed);
    IF p_outcome = 'posted' THEN
        PERFORM ledger_tell(p_merchant, p_event, p_kind, v_account.member_id, v_account.unit_id, p_entry, p_amount,
                            p_cause, p_occurred_at, p_refers_to);
    END IF;
    RETURN ROW(p_outcome, false, p_amount, v_after, v_account.last_seq)::ledger_answer;
END $$;

-- Units set aside go back where they came from, and the hold is closed.
CREATE FUNCTION ledger_let_go(p_hold ledger_hold, p_entry uuid) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_part record;
BEGIN
    FOR v_part IN SELECT lot_id, amount FROM ledger_movements_of(p_hold.merchant_id, p_hold.id) LOOP
        PERFORM ledger_come_back(p_hold.merchant_id, p_hold.account_id, p_entry, v_part.lot_id, 'held', v_part.amount);
    END LOOP;
    UPDATE ledger_hold SET closed_by = p_entry WHERE merchant_id = p_hold.merchant_id AND id = p_hold.id;
END $$;

-- What is due by itself, each with an entry of its own that says when it was due. Under the account's lock.
CREATE FUNCTION ledger_settle_locked(p_merchant uuid, p_account uuid, p_now timestamptz) RETURNS integer
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_hold   ledger_hold;
    v_lot    record;
    v_entry  uuid;
    v_done   integer := 0;
BEGIN
    FOR v_hold IN SELECT * FROM ledger_hold
        WHERE merchant_id = p_merchant AND account_id = p_account AND closed_by IS NULL AND until <= p_now
        ORDER BY until, id
    LOOP
        v_entry := gen_random_uuid();
        PERFORM ledger_let_go(v_hold, v_entry);
        PERFORM ledger_close(p_merchant, p_account, v_entry, 'release', 'posted', v_hold.amount, '',
                             '{"code": "timed_out"}', NULL, v_hold.id, NULL, v_hold.until, NULL);
        v_done := v_done + 1;
    END LOOP;
    FOR v_lot IN SELECT id, entry_id, pending, vests_at FROM ledger_lot
        WHERE merchant_id = p_merchant AND account_id = p_account AND is_open AND pending > 0 AND vests_at <= p_now
        ORDER BY vests_at, id
    LOOP
        v_entry := gen_random_uuid();
        PERFORM ledger_come_back(p_merchant, p_account, v_entry, v_lot.id, 'pending', v_lot.pending);
        PERFORM ledger_close(p_merchant, p_account, v_entry, 'vest', 'posted', v_lot.pending, '',
                             '{"code": "vested"}', NULL, v_lot.entry_id, NULL, v_lot.vests_at, NULL);
        v_done := v_done + 1;
    END LOOP;
    FOR v_lot IN SELECT id, entry_id, available, expires_at FROM ledger_lot
        WHERE merchant_id = p_merchant AND account_id = p_account AND is_open AND available > 0 AND expires_at <= p_now
        ORDER BY expires_at, id
    LOOP
        v_entry := gen_random_uuid();
        PERFORM ledger_move(p_merchant, p_account, v_entry, v_lot.id, 'available', 'expired', v_lot.available);
        PERFORM ledger_close(p_merchant, p_account, v_entry, 'expire', 'posted', v_lot.available, '',
                             '{"code": "expired"}', NULL, v_lot.entry_id, NULL, v_lot.expires_at, NULL);
        v_done := v_done + 1;
    END LOOP;
    RETURN v_done;
END $$;

-- Lock, recall, settle. An answer that is not NULL is the answer: nothing more is to be done.
CREATE FUNCTION ledger_begin(p_merchant uuid, p_account uuid, p_entry uuid, p_fingerprint bytea, p_now timestamptz)
RETURNS ledger_answer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_answer ledger_answer;
BEGIN
    PERFORM FROM ledger_account WHERE merchant_id = p_merchant AND id = p_account FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger: no such account' USING ERRCODE = 'foreign_key_violation';
    END IF;
    v_answer := ledger_recall(p_merchant, p_entry, p_account, p_fingerprint);
    IF v_answer.outcome IS NULL THEN
        PERFORM ledger_settle_locked(p_merchant, p_account, p_now);
    END IF;
    RETURN v_answer;
END $$;

-- A posted entry of one of these kinds, in this account. The caller named it: that it is not there is a bug, not a decline.
CREATE FUNCTION ledger_entry_of(p_merchant uuid, p_entry uuid, p_account uuid, p_kinds text[]) RETURNS ledger_entry
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_entry ledger_entry;
BEGIN
    SELECT * INTO v_entry FROM ledger_entry
    WHERE merchant_id = p_merchant AND id = p_entry AND kind = ANY (p_kinds) AND outcome = 'posted'
      AND (p_account IS NULL OR account_id = p_account);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger: no such % here', p_kinds[1] USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN v_entry;
END $$;

-- As `ledger_entry_of`, where the entry's account may also be one that was merged into this one, at whatever remove. Then
-- both accounts are locked, in id order: the entry may be undone through either.
CREATE FUNCTION ledger_original(p_merchant uuid, p_entry uuid, p_account uuid, p_kinds text[]) RETURNS ledger_entry
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_entry ledger_entry := ledger_entry_of(p_merchant, p_entry, NULL, p_kinds);
BEGIN
    IF v_entry.account_id = p_account THEN
        RETURN v_entry;
    END IF;
    PERFORM FROM (SELECT id FROM ledger_account WHERE merchant_id = p_merchant AND id IN (v_entry.account_id, p_account)
                  ORDER BY id FOR NO KEY UPDATE) locked;
    IF NOT EXISTS (
        WITH RECURSIVE heir AS (
            SELECT v_entry.account_id AS id
            UNION
            SELECT arrived.account_id
            FROM heir
            JOIN ledger_entry left_ ON left_.merchant_id = p_merchant AND left_.account_id = heir.id
                 AND left_.kind = 'merge' AND left_.outcome = 'posted' AND left_.refers_to IS NULL
            JOIN ledger_entry arrived ON arrived.merchant_id = p_merchant AND arrived.refers_to = left_.id
                 AND arrived.kind = 'merge'
        )
        SELECT FROM heir WHERE id = p_account
    ) THEN
        RAISE EXCEPTION 'ledger: no such % here', p_kinds[1] USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN v_entry;
END $$;

-- The lots in one account that hold what an award gave: its own, and those that its units came to by merging.
CREATE FUNCTION ledger_lots_of(p_merchant uuid, p_award uuid, p_account uuid) RETURNS SETOF ledger_lot
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    WITH RECURSIVE kin AS (
        SELECT lot_id AS id FROM (SELECT lot_id FROM ledger_movements_of(p_merchant, p_award) LIMIT 1) own
        UNION
        SELECT l.id FROM kin JOIN ledger_lot l ON l.merchant_id = p_merchant AND l.came_from = kin.id
    )
    SELECT l.* FROM kin JOIN ledger_lot l ON l.merchant_id = p_merchant AND l.id = kin.id
    WHERE l.account_id = p_account ORDER BY l.id;
END $$;

-- For sweeps. No key: what is settled is not due any more. The answer is how many entries it took.
CREATE FUNCTION ledger_settle(p_merchant uuid, p_account uuid, p_now timestamptz) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM ledger_account WHERE merchant_id = p_merchant AND id = p_account FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger: no such account' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN ledger_settle_locked(p_merchant, p_account, greatest(p_now, now()));
END $$;
