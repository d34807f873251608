-- Taking an award back, in parts, whatever became of it: out of its own lot first (what is still to vest, what has died in
-- it, what is available), then out of the soonest-expiring lots; what is not there any more is owed.

DROP FUNCTION ledger_take_back;
CREATE FUNCTION ledger_take_back(
    p_merchant uuid, p_entry uuid, p_account uuid, p_fingerprint bytea, p_award uuid, p_amount bigint,
    p_reasons jsonb, p_actor uuid, p_now timestamptz, p_event uuid
) RETURNS ledger_answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_answer ledger_answer;
    v_award  ledger_entry;
    v_rest   bigint;
    v_left   bigint;
    v_lot    record;
    v_part   bigint;
BEGIN
    p_now := greatest(p_now, now());
    v_award := ledger_original(p_merchant, p_award, p_account, '{award}');
    v_answer := ledger_begin(p_merchant, p_account, p_entry, p_fingerprint, p_now);
    IF v_answer.outcome IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    v_rest := v_award.amount - ledger_undone(p_merchant, p_award, 'take_back');
    p_amount := coalesce(p_amount, greatest(v_rest, 1));
    IF p_amount > v_rest THEN
        RETURN ledger_close(p_merchant, p_account, p_entry, 'take_back', 'exceeds_original', p_amount, p_fingerprint,
                            p_reasons, v_award.cause_id, p_award, p_actor, p_now, NULL);
    END IF;
    v_left := p_amount;
    FOR v_lot IN SELECT * FROM ledger_lots_of(p_merchant, p_award, p_account) LOOP
        v_part := least(v_left, v_lot.pending);
        PERFORM ledger_move(p_merchant, p_account, p_entry, v_lot.id, 'pending', 'revoked', v_part);
        v_left := v_left - v_part;
        v_part := least(v_left, v_lot.expired);
        PERFORM ledger_move(p_merchant, p_account, p_entry, v_lot.id, 'expired', 'revoked', v_part);
        v_left := v_left - v_part;
        v_part := least(v_left, v_lot.available);
        PERFORM ledger_move(p_merchant, p_account, p_entry, v_lot.id, 'available', 'revoked', v_part);
        v_left := v_left - v_part;
    END LOOP;
    v_left := ledger_draw(p_merchant, p_account, p_entry, 'revoked', v_left);
    RETURN ledger_close(p_merchant, p_account, p_entry, 'take_back', 'posted', p_amount, p_fingerprint, p_reasons,
                        v_award.cause_id, p_award, p_actor, p_now, p_event, v_left);
END $$;
