-- A purchase is written once. One thing may be noted on it later, once: that it was cancelled. The guard holds the owner
-- to that too, and the function notes it only when the books have taken back what the purchase gave.

CREATE FUNCTION loyalty_keep_purchase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.cancelled_at IS NULL AND NEW.cancelled_at IS NOT NULL
       AND to_jsonb(NEW) - 'cancelled_at' = to_jsonb(OLD) - 'cancelled_at' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'purchase: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON loyalty_purchase
    FOR EACH ROW EXECUTE FUNCTION loyalty_keep_purchase();

-- True when this call cancelled it, false when it was cancelled before.
CREATE FUNCTION loyalty_note_cancellation(p_merchant uuid, p_purchase uuid, p_at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_member uuid;
    v_kept   bigint;
BEGIN
    UPDATE loyalty_purchase SET cancelled_at = p_at
    WHERE merchant_id = p_merchant AND id = p_purchase AND cancelled_at IS NULL
    RETURNING member_id INTO v_member;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT coalesce(sum(CASE e.kind WHEN 'award' THEN e.amount ELSE -e.amount END), 0) INTO v_kept
    FROM ledger_account a JOIN ledger_entry e ON e.merchant_id = a.merchant_id AND e.account_id = a.id
    WHERE a.merchant_id = p_merchant AND a.member_id = v_member AND e.cause_id = p_purchase
      AND e.outcome = 'posted' AND e.kind IN ('award', 'take_back');
    IF v_kept <> 0 THEN
        RAISE EXCEPTION 'purchase: cancelled with % units still given', v_kept
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN true;
END $$;
