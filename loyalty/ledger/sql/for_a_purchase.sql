-- What was set aside may be used on a purchase: then that is its cause, and whatever undoes the purchase gives it back.

DROP FUNCTION ledger_end_hold;
CREATE FUNCTION ledger_end_hold(
    p_merchant uuid, p_entry uuid, p_account uuid, p_fingerprint bytea, p_hold uuid, p_kind text, p_reasons jsonb,
    p_actor uuid, p_now timestamptz, p_cause uuid DEFAULT NULL
) RETURNS ledger_answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    v_answer  ledger_answer;
    v_entry   ledger_entry;
    v_hold    ledger_hold;
    v_outcome text := 'posted';
    v_part    record;
BEGIN
    p_now := greatest(p_now, now());
    v_answer := ledger_begin(p_merchant, p_account, p_entry, p_fingerprint, p_now);
    IF v_answer.outcome IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    v_entry := ledger_entry_of(p_merchant, p_hold, p_account, '{hold}');
    SELECT * INTO v_hold FROM ledger_hold WHERE merchant_id = p_merchant AND id = p_hold;
    IF v_hold.closed_by IS NOT NULL THEN
        v_outcome := 'hold_closed';
    ELSIF p_kind = 'release' THEN
        PERFORM ledger_let_go(v_hold, p_entry);
    ELSE
        FOR v_part IN SELECT lot_id, amount FROM ledger_movements_of(p_merchant, p_hold) LOOP
            PERFORM ledger_move(p_merchant, p_account, p_entry, v_part.lot_id, 'held', 'spent', v_part.amount);
        END LOOP;
        UPDATE ledger_hold SET closed_by = p_entry WHERE merchant_id = p_merchant AND id = p_hold;
    END IF;
    RETURN ledger_close(p_merchant, p_account, p_entry, p_kind, v_outcome, v_hold.amount, p_fingerprint, p_reasons,
                        coalesce(p_cause, v_entry.cause_id), p_hold, p_actor, p_now, NULL);
END $$;
