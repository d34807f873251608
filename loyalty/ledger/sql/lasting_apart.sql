-- As in `lasting.sql`, asked with the plan that holds for every account; without waiting under locks; and with the end that a
-- unit got while its member was merged.

-- A visit: what lived then and has an end lives until `p_until`. Under the account's lock, or before anybody else sees the
-- account. What a sweep has expired meanwhile stays so.
CREATE OR REPLACE FUNCTION ledger_carry(p_merchant uuid, p_account uuid, p_visited_at timestamptz, p_until timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    UPDATE ledger_lot SET expires_at = p_until
    WHERE merchant_id = p_merchant AND account_id = p_account AND is_open
      AND expires_at > p_visited_at AND expires_at < p_until;
END $$;

-- The expiry of a unit is another one: what is alive in the next accounts lives until `p_until` at least, for ever where that
-- is NULL. What vests no sooner than that keeps its end, which is later, or none. The answer is the last of these accounts,
-- NULL where there is none after `p_after`. Repeating it does nothing. Whoever has locks waits for nobody: after the first,
-- an account that somebody else has locked ends the batch, so no order of locking is the wrong one.
CREATE OR REPLACE FUNCTION ledger_renew(p_merchant uuid, p_unit uuid, p_until timestamptz, p_after uuid, p_most integer) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    v_account uuid;
    v_last    uuid;
BEGIN
    FOR v_account IN SELECT id FROM ledger_account
        WHERE merchant_id = p_merchant AND unit_id = p_unit AND (p_after IS NULL OR id > p_after)
        ORDER BY id LIMIT p_most
    LOOP
        IF v_last IS NULL THEN
            PERFORM FROM ledger_account WHERE merchant_id = p_merchant AND id = v_account FOR NO KEY UPDATE;
        ELSE
            PERFORM FROM ledger_account WHERE merchant_id = p_merchant AND id = v_account FOR NO KEY UPDATE SKIP LOCKED;
            EXIT WHEN NOT FOUND;
        END IF;
        UPDATE ledger_lot SET expires_at = p_until
        WHERE merchant_id = p_merchant AND account_id = v_account AND is_open
          AND CASE WHEN p_until IS NULL THEN expires_at > now()
                   ELSE (expires_at IS NULL OR expires_at > now() AND expires_at < p_until)
                        AND (vests_at IS NULL OR vests_at < p_until) END;
        v_last := v_account;
    END LOOP;
    RETURN v_last;
END $$;

-- As in `merging.sql`, and what was carried or renewed while it was merged keeps its end when it goes home, pending or not:
-- for ever before any moment, and the later before the earlier. An origin that never had an end gets the one of its copies.
CREATE OR REPLACE FUNCTION ledger_unmerge(
    p_merchant uuid, p_entry uuid, p_entry_from uuid, p_from uuid, p_into uuid, p_fingerprint bytea, p_merge uuid,
    p_reasons jsonb, p_actor uuid, p_now timestamptz
) RETURNS ledger_answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
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
    UPDATE ledger_lot home SET expires_at = nullif(copy.ends, 'infinity')
    FROM (SELECT came_from, max(coalesce(expires_at, 'infinity')) AS ends FROM ledger_lot
          WHERE merchant_id = p_merchant AND account_id = p_into AND is_open AND available + pending > 0 AND entry_id = p_merge
            AND came_from IS NOT NULL
          GROUP BY came_from) copy
    WHERE home.merchant_id = p_merchant AND home.id = copy.came_from AND home.account_id = p_from
      AND CASE WHEN home.expires_at IS NULL THEN copy.ends < 'infinity' ELSE copy.ends > home.expires_at END;
    FOR v_lot IN SELECT * FROM ledger_lot
        WHERE merchant_id = p_merchant AND account_id = p_into AND is_open AND entry_id = p_merge AND came_from IS NOT NULL
        ORDER BY id
    LOOP
        v_moved := v_moved + v_lot.available + v_lot.pending;
        PERFORM ledger_move(p_merchant, p_into, p_entry, v_lot.id, 'available', 'moved', v_lot.available);
        PERFORM ledger_come_back(p_merchant, p_from, p_entry_from, v_lot.came_from, 'moved', v_lot.available);
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
