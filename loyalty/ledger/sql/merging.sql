-- Two accounts of one unit become one, and two again. Units leave their lots for `moved`, and a lot of the same age, expiry
-- and vesting holds them in the other account. Each account has an entry; the second refers to the first.

-- A new id as old as another: lots without an expiry are used in the order of their ids, which begin with their time.
CREATE FUNCTION ledger_id_as_old_as(p_id uuid) RETURNS uuid LANGUAGE sql VOLATILE
RETURN (substr(p_id::text, 1, 13) || substr(gen_random_uuid()::text, 14))::uuid;

CREATE FUNCTION ledger_lock_two(p_merchant uuid, p_one uuid, p_other uuid) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_found integer;
BEGIN
    SELECT count(*) INTO v_found FROM (
        SELECT unit_id FROM ledger_account WHERE merchant_id = p_merchant AND id IN (p_one, p_other)
        ORDER BY id FOR NO KEY UPDATE) locked;
    IF v_found <> 2 OR (SELECT count(DISTINCT unit_id) FROM ledger_account
                        WHERE merchant_id = p_merchant AND id IN (p_one, p_other)) <> 1 THEN
        RAISE EXCEPTION 'ledger: merging takes two accounts of one unit' USING ERRCODE = 'foreign_key_violation';
    END IF;
END $$;

-- Debt moves too. What the other account has to hand repays it where it is owed; the rest is owed there from now on.
CREATE FUNCTION ledger_merge(
    p_merchant uuid, p_entry uuid, p_entry_into uuid, p_from uuid, p_into uuid, p_fingerprint bytea, p_reasons jsonb,
    p_actor uuid, p_now timestamptz
) RETURNS ledger_answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_answer ledger_answer;
    v_lot    ledger_lot;
    v_from   ledger_account;
    v_repaid bigint;
    v_moved  bigint;
BEGIN
    p_now := greatest(p_now, now());
    PERFORM ledger_lock_two(p_merchant, p_from, p_into);
    v_answer := ledger_begin(p_merchant, p_from, p_entry, p_fingerprint, p_now);
    IF v_answer.outcome IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    PERFORM ledger_settle_locked(p_merchant, p_into, p_now);
    SELECT * INTO v_from FROM ledger_account WHERE merchant_id = p_merchant AND id = p_from;
    IF v_from.held > 0 THEN
        RETURN ledger_close(p_merchant, p_from, p_entry, 'merge', 'holds_open', v_from.held, p_fingerprint, p_reasons,
                            NULL, NULL, p_actor, p_now, NULL);
    END IF;
    v_moved := v_from.available + v_from.pending;
    FOR v_lot IN SELECT * FROM ledger_lot
        WHERE merchant_id = p_merchant AND account_id = p_from AND is_open ORDER BY expires_at NULLS LAST, id
    LOOP
        PERFORM ledger_move(p_merchant, p_from, p_entry, v_lot.id, 'available', 'moved', v_lot.available);
        PERFORM ledger_birth(p_merchant, p_into, p_entry_into, ledger_id_as_old_as(v_lot.id), v_lot.available, false,
                             NULL, v_lot.expires_at, v_lot.id);
        PERFORM ledger_move(p_merchant, p_from, p_entry, v_lot.id, 'pending', 'moved', v_lot.pending);
        PERFORM ledger_birth(p_merchant, p_into, p_entry_into, ledger_id_as_old_as(v_lot.id), v_lot.pending, true,
                             v_lot.vests_at, v_lot.expires_at, v_lot.id);
    END LOOP;
    SELECT least(available, v_from.debt) INTO v_repaid FROM ledger_account WHERE merchant_id = p_merchant AND id = p_into;
    PERFORM ledger_draw(p_merchant, p_into, p_entry_into, 'moved', v_repaid);
    PERFORM ledger_birth(p_merchant, p_from, p_entry, gen_random_uuid(), v_repaid, false, NULL, NULL, NULL);
    IF v_moved + v_from.debt = 0 THEN  -- an empty account: nothing happened, so there is nothing to write
        RETURN ROW('posted', false, 0, 0, v_from.last_seq)::ledger_answer;
    END IF;
    PERFORM ledger_close(p_merchant, p_into, p_entry_into, 'merge', 'posted', v_moved + v_repaid, '', p_reasons,
                         NULL, p_entry, p_actor, p_now, NULL, v_from.debt - v_repaid);
    RETURN ledger_close(p_merchant, p_from, p_entry, 'merge', 'posted', v_moved + v_repaid, p_fingerprint, p_reasons,
                        NULL, NULL, p_actor, p_now, NULL, v_repaid - v_from.debt);
END $$;

-- Whatever is still there of what a merge brought goes back to the lots it came from. What was used since stays used, and
-- a debt that came along stays where it is.
CREATE FUNCTION ledger_unmerge(
    p_merchant uuid, p_entry uuid, p_entry_from uuid, p_from uuid, p_into uuid, p_fingerprint bytea, p_merge uuid,
    p_reasons jsonb, p_actor uuid, p_now timestamptz
) RETURNS ledger_answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_answer ledger_answer;
    v_merge  ledger_entry;
    v_lot    ledger_lot;
    v_moved  bigint := 0;
BEGIN
    p_now := greatest(p_now, now());
    PERFORM ledger_lock_two(p_merchant, p_from, p_into);
    v_answer := ledger_begin(p_merchant, p_into, p_entry, p_fingerprint, p_now);
    IF v_answer.outcome IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    PERFORM ledger_settle_locked(p_merchant, p_from, p_now);
    v_merge := ledger_entry_of(p_merchant, p_merge, p_into, '{merge}');
    FOR v_lot IN SELECT * FROM ledger_lot
        WHERE merchant_id = p_merchant AND account_id = p_into AND is_open AND entry_id = p_merge AND came_from IS NOT NULL
        ORDER BY id
    LOOP
        v_moved := v_moved + v_lot.available + v_lot.pending;
        PERFORM ledger_move(p_merchant, p_into, p_entry, v_lot.id, 'available', 'moved', v_lot.available);
        PERFORM ledger_come_back(p_merchant, p_from, p_entry_from, v_lot.came_from, 'moved', v_lot.available,
                                 (SELECT CASE WHEN v_lot.expires_at > expires_at THEN v_lot.expires_at END
                                  FROM ledger_lot WHERE merchant_id = p_merchant AND id = v_lot.came_from));
        PERFORM ledger_move(p_merchant, p_into, p_entry, v_lot.id, 'pending', 'moved', v_lot.pending);
        PERFORM ledger_move(p_merchant, p_from, p_entry_from, v_lot.came_from, 'moved', 'pending', v_lot.pending);
    END LOOP;
    IF v_moved = 0 THEN
        RETURN (SELECT ROW('posted', false, 0, available - debt, last_seq)::ledger_answer
                FROM ledger_account WHERE merchant_id = p_merchant AND id = p_into);
    END IF;
    v_answer := ledger_close(p_merchant, p_from, p_entry_from, 'merge', 'posted', v_moved, '', p_reasons,
                             NULL, p_merge, p_actor, p_now, NULL);
    RETURN ledger_close(p_merchant, p_into, p_entry, 'merge', 'posted', v_moved, p_fingerprint, p_reasons,
                        NULL, p_merge, p_actor, p_now, NULL);
END $$;
