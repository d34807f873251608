-- Everything a purchase needs to be judged, in one trip: the key, an earlier answer, the member, where it stands.
-- It sets the merchant scope itself (one statement is one transaction here) and puts back what was set before.
-- Runs as its caller: row-level security applies.

CREATE OR REPLACE FUNCTION loyalty_read_scan(
    p_merchant uuid, p_secret_hash bytea, p_key uuid,
    p_member uuid, p_serial bigint, p_spoken text, p_phone text, p_location uuid,
    OUT key_id uuid, OUT key_scopes text[], OUT key_revoked boolean,
    OUT known_fingerprint bytea, OUT known_status smallint, OUT known_body text,
    OUT member_id uuid, OUT member_name text,
    OUT card_id uuid, OUT card_generation smallint, OUT card_last_step bigint,
    OUT programme_version integer,
    OUT tier_id uuid, OUT progress_minor bigint, OUT purchases integer, OUT standing_version integer,
    OUT accounts jsonb, OUT location_known boolean
) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_before text := coalesce(current_setting('app.merchant_id', true), '');
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
    SELECT m.id, m.name INTO member_id, member_name
    FROM members_member m
    WHERE m.merchant_id = p_merchant AND m.id = loyalty_read_scan.member_id AND m.erased_at IS NULL;
    SELECT p.version INTO programme_version FROM loyalty_programme p WHERE p.merchant_id = p_merchant;
    SELECT s.tier_id, s.progress_minor, s.purchases, s.version
    INTO tier_id, progress_minor, purchases, standing_version
    FROM loyalty_standing s WHERE s.merchant_id = p_merchant AND s.member_id = loyalty_read_scan.member_id;
    SELECT jsonb_agg(jsonb_build_object(
        'unit', a.unit_id, 'account', a.id, 'available', a.available, 'pending', a.pending, 'held', a.held,
        'seq', a.last_seq,
        'expiring', (SELECT jsonb_agg(jsonb_build_array(e.expires_at, e.units)) FROM (
            SELECT l.expires_at, sum(l.available) AS units FROM ledger_lot l
            WHERE l.merchant_id = p_merchant AND l.account_id = a.id AND l.is_open AND l.expires_at IS NOT NULL
              AND l.available > 0
            GROUP BY l.expires_at ORDER BY l.expires_at LIMIT 3) e)))
    INTO accounts
    FROM ledger_account a WHERE a.merchant_id = p_merchant AND a.member_id = loyalty_read_scan.member_id;
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

-- A published version, on a process's first meeting with it.
CREATE OR REPLACE FUNCTION loyalty_read_version(p_merchant uuid, p_number integer) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_before     text := coalesce(current_setting('app.merchant_id', true), '');
    v_scope   text;  -- an assignment costs a tenth of a PERFORM, which is a query
    v_definition jsonb;
BEGIN
    v_scope := set_config('app.merchant_id', p_merchant::text, true);
    SELECT v.definition INTO v_definition FROM loyalty_programmeversion v
    WHERE v.merchant_id = p_merchant AND v.number = p_number;
    v_scope := set_config('app.merchant_id', v_before, true);
    RETURN v_definition;
END $$;
