-- A purchase of which a part is paid with units: one trip more, which brings the account to its newest state and tells its
-- lots, so that the answer is composed before anything is written here too.

-- Settles the account of a unit, and tells it as `loyalty_read_scan` does, with each lot that can be used in the order in
-- which they are: [[ends, units]]. NULL where the member has none. Whatever follows: what it settles was due.
-- `is_spent`: the live card of that step has spent elsewhere already.
CREATE FUNCTION loyalty_ready_to_pay(
    p_merchant uuid, p_member uuid, p_unit uuid, p_now timestamptz, p_card uuid, p_step bigint, p_by uuid
) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_before  text := coalesce(current_setting('app.merchant_id', true), '');
    v_scope   text;
    v_id      uuid;
    v_account jsonb;
BEGIN
    v_scope := set_config('app.merchant_id', p_merchant::text, true);
    SELECT id INTO v_id FROM ledger_account
    WHERE merchant_id = p_merchant AND member_id = p_member AND unit_id = p_unit;
    IF FOUND THEN
        PERFORM ledger_settle(p_merchant, v_id, p_now);
        SELECT jsonb_build_object(
            'unit', a.unit_id, 'account', a.id, 'available', a.available, 'pending', a.pending, 'held', a.held,
            'debt', a.debt, 'dead', 0, 'seq', a.last_seq,
            'is_spent', EXISTS (
                SELECT FROM members_card c
                WHERE c.merchant_id = p_merchant AND c.id = p_card
                  AND (c.spent_step > p_step OR c.spent_step = p_step AND c.spent_by IS DISTINCT FROM p_by)),
            'lots', (
                SELECT coalesce(jsonb_agg(jsonb_build_array(l.expires_at, l.available)
                                          ORDER BY l.expires_at NULLS LAST, l.id), '[]')
                FROM ledger_lot l
                WHERE l.merchant_id = p_merchant AND l.account_id = a.id AND l.is_open AND l.available > 0))
        INTO v_account FROM ledger_account a WHERE a.merchant_id = p_merchant AND a.id = v_id;
    END IF;
    v_scope := set_config('app.merchant_id', v_before, true);
    RETURN v_account;
END $$;

-- As `loyalty_record_purchase`, and before it the units go that pay for a part: {entry, account, seq, at, by, amount, reasons}, where
-- `by` is who may spend by the live card again, `seq` is what was read, and when, and `p_seqs` where the accounts stand once they are used. False, and nothing written, where
-- anything moved meanwhile, or something came due.
CREATE FUNCTION loyalty_record_paid_purchase(
    p_paid jsonb,
    p_merchant uuid, p_key uuid, p_fingerprint bytea, p_status smallint, p_body text,
    p_purchase uuid, p_member uuid, p_location uuid, p_channel text, p_actor uuid,
    p_amount bigint, p_currency text, p_reference text, p_items jsonb, p_occurred_at timestamptz,
    p_programme_version integer, p_awarded bigint, p_reasons jsonb,
    p_tier uuid, p_progress bigint, p_standing_version integer, p_seqs jsonb, p_awards jsonb,
    p_card uuid, p_step bigint, p_event uuid, p_tier_event uuid, p_day date, p_is_static boolean,
    p_bill jsonb, p_memory jsonb, p_budgets jsonb, p_review_on date, p_carried jsonb
) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_before text := coalesce(current_setting('app.merchant_id', true), '');
    v_scope  text;
    v_answer ledger_answer;
BEGIN
    v_scope := set_config('app.merchant_id', p_merchant::text, true);
    IF NOT ledger_lock(p_merchant, p_member, p_seqs || jsonb_build_object(p_paid->>'account', p_paid->'seq')) THEN
        v_scope := set_config('app.merchant_id', v_before, true);
        RETURN false;
    END IF;
    BEGIN
        IF p_card IS NOT NULL THEN
            UPDATE members_card c SET spent_step = p_step, spent_by = (p_paid->>'by')::uuid
            WHERE c.merchant_id = p_merchant AND c.id = p_card
              AND (c.spent_step < p_step OR c.spent_step = p_step AND c.spent_by = (p_paid->>'by')::uuid);
            IF NOT FOUND THEN
                RAISE EXCEPTION 'purchase: the card has spent elsewhere' USING ERRCODE = 'HB001';
            END IF;
        END IF;
        v_answer := ledger_use(
            p_merchant, (p_paid->>'entry')::uuid, (p_paid->>'account')::uuid, p_fingerprint, (p_paid->>'amount')::bigint,
            p_paid->'reasons', p_purchase, p_actor, NULL, (p_paid->>'at')::timestamptz);
        v_scope := set_config('app.merchant_id', v_before, true);
        IF v_answer.outcome <> 'posted' OR v_answer.replayed OR NOT loyalty_record_purchase(
            p_merchant, p_key, p_fingerprint, p_status, p_body, p_purchase, p_member, p_location, p_channel, p_actor,
            p_amount, p_currency, p_reference, p_items, p_occurred_at, p_programme_version, p_awarded, p_reasons, p_tier,
            p_progress, p_standing_version, p_seqs, p_awards, p_card, p_step, p_event, p_tier_event, p_day, p_is_static,
            p_bill, p_memory, p_budgets, p_review_on, p_carried)
        THEN
            RAISE EXCEPTION 'purchase: it was paid by what is not there any more' USING ERRCODE = 'HB001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'HB001' THEN
        v_scope := set_config('app.merchant_id', v_before, true);
        RETURN false;
    END;
    RETURN true;
END $$;
