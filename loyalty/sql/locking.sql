-- A member's lock in one trip, and what its accounts hold as it is told: for `loyalty.locking` and whoever sells for units.

-- Lock the accounts and the standing of a member, or of the one into whom it was merged. The answer is whose they are; NULL
-- where it was merged and parted as often as we tried. A try that fails lets go of its locks again, or a merge and we wait
-- for each other.
CREATE FUNCTION loyalty_lock_member(p_merchant uuid, p_member uuid, p_tries integer) RETURNS uuid
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_owner uuid;
    v_ids   uuid[];
    v_id    uuid;
    v_known boolean;
BEGIN
    FOR i IN 1 .. p_tries LOOP
        v_owner := loyalty_survivor(p_merchant, p_member);
        v_ids := loyalty_ids_of(p_merchant, v_owner);
        BEGIN
            FOREACH v_id IN ARRAY v_ids LOOP  -- as a merge does it: what is undone may be in the account of any of them
                v_known := ledger_lock(p_merchant, v_id, '{}');
            END LOOP;
            PERFORM FROM loyalty_standing s WHERE s.merchant_id = p_merchant AND s.member_id = v_owner FOR UPDATE;
            IF loyalty_survivor(p_merchant, p_member) = v_owner AND loyalty_ids_of(p_merchant, v_owner) = v_ids THEN
                RETURN v_owner;
            END IF;
            RAISE EXCEPTION 'member: merged or parted while we waited' USING ERRCODE = 'HB002';
        EXCEPTION WHEN SQLSTATE 'HB002' THEN
            NULL;
        END;
    END LOOP;
    RETURN NULL;
END $$;

-- Whom this id means today: the member itself, or the one it was merged into.
CREATE FUNCTION loyalty_survivor(p_merchant uuid, p_member uuid) RETURNS uuid LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN coalesce((SELECT m.merged_into_id FROM members_member m WHERE m.merchant_id = p_merchant AND m.id = p_member),
                    p_member);
END $$;

-- The member's own id and those of who was merged into it, in order.
CREATE FUNCTION loyalty_ids_of(p_merchant uuid, p_member uuid) RETURNS uuid[] LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN (SELECT array_agg(o.id ORDER BY o.id) FROM (
        SELECT p_member AS id
        UNION
        SELECT m.id FROM members_member m
        WHERE m.merchant_id = p_merchant AND m.merged_into_id = p_member AND m.erased_at IS NULL) o);
END $$;

-- The accounts of a member as they are at a moment, as `loyalty_read_scan` tells them, by the code of the unit: of the units
-- that the version in force has. What has died is told as gone, though no sweep has been by yet.
CREATE FUNCTION loyalty_accounts_at(p_merchant uuid, p_member uuid, p_now timestamptz) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (
        SELECT jsonb_agg(jsonb_build_object(
            'unit', u.id, 'code', u.code, 'available', a.available - coalesce(l.dead, 0), 'pending', a.pending,
            'held', a.held, 'debt', a.debt, 'expiring', l.expiring) ORDER BY a.id)
        FROM ledger_account a
        JOIN loyalty_unit u ON u.merchant_id = p_merchant AND u.id = a.unit_id
        LEFT JOIN LATERAL (
            SELECT sum(e.units) FILTER (WHERE e.expires_at <= p_now) AS dead,
                   jsonb_path_query_array(jsonb_agg(jsonb_build_array(e.expires_at, e.units) ORDER BY e.expires_at)
                       FILTER (WHERE e.expires_at > p_now), '$[0 to 2]') AS expiring
            FROM (
                SELECT lot.expires_at, sum(lot.available) AS units FROM ledger_lot lot
                WHERE lot.merchant_id = p_merchant AND lot.account_id = a.id AND lot.is_open
                  AND lot.expires_at IS NOT NULL AND lot.available > 0
                GROUP BY lot.expires_at) e) l ON true
        WHERE a.merchant_id = p_merchant AND a.member_id = p_member
          AND EXISTS (
              SELECT FROM loyalty_programme p
              JOIN loyalty_programmeversion v ON v.merchant_id = p_merchant
                   AND v.number = CASE WHEN p.next_at <= p_now THEN p.next_version ELSE p.version END
              WHERE p.merchant_id = p_merchant
                AND v.definition->'units' @> jsonb_build_array(jsonb_build_object('id', u.id))));
END $$;
