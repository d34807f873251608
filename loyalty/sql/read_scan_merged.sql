-- As in `reading_and_recording.sql`, for members who were merged: a card, a number, a spoken code or an id of theirs finds the
-- one who stays. What it does otherwise is said in `read_scan.sql`.

CREATE OR REPLACE FUNCTION loyalty_read_scan(
    p_merchant uuid, p_secret_hash bytea, p_key uuid,
    p_member uuid, p_serial bigint, p_spoken text, p_phone text, p_location uuid,
    OUT key_id uuid, OUT key_scopes text[], OUT key_revoked boolean,
    OUT known_fingerprint bytea, OUT known_status smallint, OUT known_body text,
    OUT member_id uuid, OUT member_name text,
    OUT card_id uuid, OUT card_generation smallint, OUT card_last_step bigint,
    OUT programme_version integer,
    OUT tier_id uuid, OUT progress_minor bigint, OUT purchases integer, OUT standing_version integer,
    OUT last_purchase_at timestamptz, OUT counted_on date, OUT counted integer, OUT counted_static integer,
    OUT accounts jsonb, OUT location_known boolean
) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_before  text := coalesce(current_setting('app.merchant_id', true), '');
    v_into    uuid;
    v_scope   text;  -- an assignment costs a tenth of a PERFORM, which is a query
BEGIN
    v_scope := set_config('app.merchant_id', p_merchant::text, true);
    IF p_secret_hash IS NOT NULL THEN
        SELECT k.id, k.scopes, k.revoked_at IS NOT NULL INTO key_id, key_scopes, key_revoked
        FROM merchants_apikey k WHERE k.merchant_id = p_merchant AND k.secret_hash = p_secret_hash;
    END IF;
    IF p_member IS NOT NULL THEN
        member_id := p_member;
    ELSIF p_serial IS NOT NULL THEN
        SELECT c.member_id, c.id, c.generation, c.last_step INTO member_id, card_id, card_generation, card_last_step
        FROM members_card c WHERE c.merchant_id = p_merchant AND c.serial = p_serial;
    ELSIF p_spoken IS NOT NULL THEN
        SELECT c.member_id INTO member_id
        FROM members_card c WHERE c.merchant_id = p_merchant AND c.spoken_code = p_spoken;
    ELSE
        SELECT m.id INTO member_id FROM members_member m WHERE m.merchant_id = p_merchant AND m.phone = p_phone
          AND m.phone <> '';
    END IF;
    SELECT p.version INTO programme_version FROM loyalty_programme p WHERE p.merchant_id = p_merchant;
    LOOP  -- whom it was merged into, if it was: one step, for there are no chains
        -- Both rows in one statement: whoever merges or erases changes both, and what is written later asks for this version.
        SELECT m.id, m.name, m.merged_into_id, s.tier_id, s.progress_minor, s.purchases, s.version,
               s.last_purchase_at, s.counted_on, s.counted, s.counted_static
        INTO member_id, member_name, v_into, tier_id, progress_minor, purchases, standing_version,
             last_purchase_at, counted_on, counted, counted_static
        FROM members_member m
        LEFT JOIN loyalty_standing s ON s.merchant_id = p_merchant AND s.member_id = m.id
        WHERE m.merchant_id = p_merchant AND m.id = loyalty_read_scan.member_id AND m.erased_at IS NULL;
        EXIT WHEN v_into IS NULL;
        member_id := v_into;
    END LOOP;
    SELECT jsonb_agg(jsonb_build_object(
        'unit', a.unit_id, 'account', a.id, 'available', a.available - coalesce(l.dead, 0), 'pending', a.pending,
        'held', a.held, 'debt', a.debt, 'dead', coalesce(l.dead, 0), 'seq', a.last_seq, 'expiring', l.expiring))
    INTO accounts
    FROM ledger_account a
    -- What has died is told as gone, though no sweep has been by yet.
    LEFT JOIN LATERAL (
        SELECT sum(e.units) FILTER (WHERE e.expires_at <= now()) AS dead,
               jsonb_path_query_array(jsonb_agg(jsonb_build_array(e.expires_at, e.units) ORDER BY e.expires_at)
                   FILTER (WHERE e.expires_at > now()), '$[0 to 2]') AS expiring
        FROM (
            SELECT lot.expires_at, sum(lot.available) AS units FROM ledger_lot lot
            WHERE lot.merchant_id = p_merchant AND lot.account_id = a.id AND lot.is_open AND lot.expires_at IS NOT NULL
              AND lot.available > 0
            GROUP BY lot.expires_at) e) l ON true
    WHERE a.merchant_id = p_merchant AND a.member_id = loyalty_read_scan.member_id;
    -- Last, for each query here sees what was committed before it: whoever sees the card used by this very key must
    -- see the answer too, or a repetition at the same instant would be told that its card was used.
    IF p_key IS NOT NULL THEN
        SELECT a.fingerprint, a.status, a.body INTO known_fingerprint, known_status, known_body
        FROM core_answer a WHERE a.merchant_id = p_merchant AND a.key = p_key;
    END IF;
    location_known := p_location IS NULL OR EXISTS (
        SELECT FROM merchants_location l
        WHERE l.merchant_id = p_merchant AND l.id = p_location AND l.closed_at IS NULL);
    v_scope := set_config('app.merchant_id', v_before, true);
END $$;
