-- Writes one purchase and all that follows from it, or nothing: awards in the books, standing, card, answer, events.
-- The caller judged the purchase on what `loyalty_read_scan` told it. If anything of that has moved since, or the card's
-- code served another purchase, nothing is written and the answer is false: the caller reads and judges again.
-- Locks: the member's accounts in id order; every purchase of a member takes them first, so the plain reads that
-- follow cannot race.

CREATE FUNCTION loyalty_record_purchase(
    p_merchant uuid, p_key uuid, p_fingerprint bytea, p_status smallint, p_body text,
    p_purchase uuid, p_member uuid, p_location uuid, p_channel text, p_actor uuid,
    p_amount bigint, p_currency text, p_reference text, p_items jsonb, p_occurred_at timestamptz,
    p_programme_version integer, p_awarded bigint, p_reasons jsonb,
    p_tier uuid, p_progress bigint, p_standing_version integer,
    p_seqs jsonb,            -- {account: last_seq}, of every account that the judgement or its answer told of
    p_awards jsonb,          -- [{entry, account, seq, lot, amount, expires_at, event, reasons}], in account order
    p_card uuid, p_step bigint,
    p_event uuid,            -- of `purchase.recorded`
    p_tier_event uuid        -- of `tier.reached`; NULL when none is
) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_before  text := coalesce(current_setting('app.merchant_id', true), '');
    v_scope   text;  -- an assignment costs a tenth of a PERFORM, which is a query
    v_written boolean;
    v_award   jsonb;
    v_answer  ledger_answer;
BEGIN
    v_scope := set_config('app.merchant_id', p_merchant::text, true);
    v_written := ledger_lock(p_merchant, p_member, p_seqs);
    IF p_card IS NOT NULL AND v_written THEN
        v_written := EXISTS (SELECT FROM members_card c
                             WHERE c.merchant_id = p_merchant AND c.id = p_card AND c.last_step < p_step);
    END IF;
    IF v_written THEN
        -- Publishing a programme lifts standings and takes tiers away without the account's lock: the version says so.
        UPDATE loyalty_standing s
        SET tier_id = p_tier, progress_minor = p_progress, purchases = s.purchases + 1, version = s.version + 1,
            last_purchase_at = greatest(s.last_purchase_at, p_occurred_at)
        WHERE s.merchant_id = p_merchant AND s.member_id = p_member AND s.version = p_standing_version
          AND (p_tier IS NULL OR EXISTS (
              SELECT FROM loyalty_tier t WHERE t.merchant_id = p_merchant AND t.id = p_tier));
        v_written := FOUND;
    END IF;
    IF NOT v_written THEN
        v_scope := set_config('app.merchant_id', v_before, true);
        RETURN false;
    END IF;
    IF p_card IS NOT NULL THEN
        UPDATE members_card SET last_step = p_step WHERE merchant_id = p_merchant AND id = p_card;
    END IF;
    -- A key that is there already is refused by the answer's primary key. It is another member's: any purchase of this
    -- member would have moved the standing.
    WITH answer AS (
        INSERT INTO core_answer (merchant_id, key, fingerprint, status, body, member_id, recorded_at)
        VALUES (p_merchant, p_key, p_fingerprint, p_status, p_body, p_member, now())
    ), event AS (
        INSERT INTO core_event (merchant_id, id, name, payload, recorded_at, due_at, attempts, done, last_error)
        SELECT p_merchant, e.id, e.name, e.payload, now(), now(), 0, '{}', ''
        FROM (VALUES
            (p_event, 'purchase.recorded', jsonb_build_object(
                'purchase', p_purchase, 'member', p_member, 'location', p_location, 'amount_minor', p_amount,
                'awarded', p_awarded, 'occurred_at', p_occurred_at)),
            (p_tier_event, 'tier.reached', jsonb_build_object(
                'member', p_member, 'tier', p_tier, 'purchase', p_purchase))
        ) e (id, name, payload)
        WHERE e.id IS NOT NULL
    )
    INSERT INTO loyalty_purchase (
        merchant_id, id, member_id, location_id, amount_minor, currency, reference, items, channel, actor_id,
        programme_version, awarded, reasons, tier_id, occurred_at, recorded_at)
    VALUES (p_merchant, p_purchase, p_member, p_location, p_amount, p_currency, p_reference, p_items, p_channel,
            p_actor, p_programme_version, p_awarded, p_reasons, p_tier, p_occurred_at, now());
    FOR i IN 0 .. jsonb_array_length(p_awards) - 1 LOOP
        v_award := p_awards->i;
        IF NOT p_seqs ? (v_award->>'account') THEN
            RAISE EXCEPTION 'purchase: an award to an account that was not judged'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        v_answer := ledger_issue(
            p_merchant, (v_award->>'entry')::uuid, (v_award->>'account')::uuid, (v_award->>'seq')::bigint,
            p_fingerprint, (v_award->>'lot')::uuid, (v_award->>'amount')::bigint,
            (v_award->>'expires_at')::timestamptz, v_award->'reasons', p_purchase, p_actor, p_occurred_at,
            (v_award->>'event')::uuid);
    END LOOP;
    v_scope := set_config('app.merchant_id', v_before, true);
    RETURN true;
END $$;
