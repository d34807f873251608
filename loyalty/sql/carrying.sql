-- A purchase is a visit: it carries the units that die by inactivity further, in the same trip.

-- For `loyalty_record_purchase` alone, once the purchase is written. The answer is always true.
CREATE FUNCTION loyalty_carry(p_merchant uuid, p_visited_at timestamptz, p_carried jsonb) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_before text := coalesce(current_setting('app.merchant_id', true), '');
    v_scope  text;
BEGIN
    IF p_carried = '{}' THEN
        RETURN true;
    END IF;
    v_scope := set_config('app.merchant_id', p_merchant::text, true);
    PERFORM ledger_carry(p_merchant, key::uuid, p_visited_at, value::timestamptz) FROM jsonb_each_text(p_carried);
    v_scope := set_config('app.merchant_id', v_before, true);
    RETURN true;
END $$;

DROP FUNCTION loyalty_record_purchase;
-- The door. What is of all members together is taken last, so that a row which every till wants is held for no longer than
-- it takes to commit. Where somebody else took it meanwhile, everything is undone: the savepoint that this needs is made for
-- those purchases alone.
CREATE FUNCTION loyalty_record_purchase(
    p_merchant uuid, p_key uuid, p_fingerprint bytea, p_status smallint, p_body text,
    p_purchase uuid, p_member uuid, p_location uuid, p_channel text, p_actor uuid,
    p_amount bigint, p_currency text, p_reference text, p_items jsonb, p_occurred_at timestamptz,
    p_programme_version integer, p_awarded bigint, p_reasons jsonb,
    p_tier uuid, p_progress bigint, p_standing_version integer,
    p_seqs jsonb,            -- {account: last_seq}, of every account that the judgement or its answer told of
    p_awards jsonb,          -- [{entry, account, seq, lot, amount, expires_at, event, reasons, pending, vests_at}], in account order
    p_card uuid, p_step bigint,
    p_event uuid,            -- of `purchase.recorded`
    p_tier_event uuid,       -- of `tier.reached`; NULL when none is
    p_day date,              -- the shop's, for limits a day
    p_is_static boolean,     -- whether a static code named the member
    p_bill jsonb,            -- what of the amount is what, and how it was paid
    p_memory jsonb,          -- {rule: what to remember of it}, of the rules whose memory is another now
    p_budgets jsonb,         -- as `loyalty_take_budgets` has it
    p_carried jsonb          -- {account: until when its units live now}, where a visit lets them live longer
) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_before text := coalesce(current_setting('app.merchant_id', true), '');
    v_scope  text;
BEGIN
    IF p_budgets = '[]' THEN
        RETURN loyalty_write_purchase(
            p_merchant, p_key, p_fingerprint, p_status, p_body, p_purchase, p_member, p_location, p_channel, p_actor,
            p_amount, p_currency, p_reference, p_items, p_occurred_at, p_programme_version, p_awarded, p_reasons, p_tier,
            p_progress, p_standing_version, p_seqs, p_awards, p_card, p_step, p_event, p_tier_event, p_day, p_is_static,
            p_bill, p_memory) AND loyalty_carry(p_merchant, p_occurred_at, p_carried);
    END IF;
    BEGIN
        IF NOT (loyalty_write_purchase(
                p_merchant, p_key, p_fingerprint, p_status, p_body, p_purchase, p_member, p_location, p_channel, p_actor,
                p_amount, p_currency, p_reference, p_items, p_occurred_at, p_programme_version, p_awarded, p_reasons, p_tier,
                p_progress, p_standing_version, p_seqs, p_awards, p_card, p_step, p_event, p_tier_event, p_day, p_is_static,
                p_bill, p_memory) AND loyalty_carry(p_merchant, p_occurred_at, p_carried)) THEN
            RETURN false;
        END IF;
        v_scope := set_config('app.merchant_id', p_merchant::text, true);
        IF NOT loyalty_take_budgets(p_merchant, p_budgets) THEN
            RAISE EXCEPTION 'purchase: a budget is used up' USING ERRCODE = 'HB001';
        END IF;
        v_scope := set_config('app.merchant_id', v_before, true);
    EXCEPTION WHEN SQLSTATE 'HB001' THEN
        RETURN false;
    END;
    RETURN true;
END $$;
