-- Merging and parting with what is set aside, and undoing what was used of it: see `holds_carried.sql`.

-- As in `merging.sql`, and what is set aside comes along; it repays nothing, for it is promised.
CREATE OR REPLACE FUNCTION ledger_merge(
    p_merchant uuid, p_entry uuid, p_entry_into uuid, p_from uuid, p_into uuid, p_fingerprint bytea, p_reasons jsonb,
    p_actor uuid, p_now timestamptz
) RETURNS ledger_answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    v_answer ledger_answer;
    v_lot    ledger_lot;
    v_hold   ledger_hold;
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
    v_moved := v_from.available + v_from.pending + v_from.held;
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
    FOR v_hold IN SELECT * FROM ledger_hold
        WHERE merchant_id = p_merchant AND account_id = p_from AND closed_by IS NULL ORDER BY id
    LOOP
        PERFORM ledger_carry_hold(v_hold, p_entry, p_into, p_entry_into);
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

-- As in `lasting_apart.sql`, and what this merge carried and is still set aside goes home set aside, until the same moment; its
-- lots live as long as they would have lived where they were.
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
    v_hold   ledger_hold;
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
          WHERE merchant_id = p_merchant AND account_id = p_into AND is_open AND entry_id = p_merge AND came_from IS NOT NULL
            AND (available + pending > 0
                 OR id IN (SELECT part.lot_id FROM ledger_carried_by(p_merchant, p_into, p_merge) carried
                           CROSS JOIN LATERAL ledger_parts_of(carried) part))
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
    FOR v_hold IN SELECT * FROM ledger_carried_by(p_merchant, p_into, p_merge) LOOP
        v_moved := v_moved + v_hold.amount;
        PERFORM ledger_bring_home(v_hold, p_entry, p_from, p_entry_from);
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

-- As in `heirs.sql`, and a capture may also be undone where its units were set aside at first: whoever parted since has its
-- voucher's units back, though they were used while the two were one.
CREATE OR REPLACE FUNCTION ledger_original(p_merchant uuid, p_entry uuid, p_account uuid, p_kinds text[]) RETURNS ledger_entry
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_entry ledger_entry := ledger_entry_of(p_merchant, p_entry, NULL, p_kinds);
    v_homes uuid[] := ARRAY[v_entry.account_id];
BEGIN
    IF v_entry.account_id = p_account THEN
        RETURN v_entry;
    END IF;
    PERFORM FROM (SELECT id FROM ledger_account WHERE merchant_id = p_merchant AND id IN (v_entry.account_id, p_account)
                  ORDER BY id FOR NO KEY UPDATE) locked;
    IF v_entry.kind = 'capture' THEN
        v_homes := v_homes || (SELECT account_id FROM ledger_entry WHERE merchant_id = p_merchant AND id = v_entry.refers_to);
    END IF;
    IF NOT EXISTS (
        SELECT FROM ledger_account theirs
        JOIN members_member who ON who.merchant_id = p_merchant AND who.id = theirs.member_id
        JOIN ledger_account here ON here.merchant_id = p_merchant AND here.member_id = who.merged_into_id
                                AND here.unit_id = theirs.unit_id
        WHERE theirs.merchant_id = p_merchant AND theirs.id = ANY (v_homes) AND here.id = p_account
    ) AND NOT EXISTS (
        WITH RECURSIVE heir AS (
            SELECT unnest(v_homes) AS id
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
