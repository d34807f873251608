-- A refund: a part of a purchase's money goes back, or all that is left of it, any number of times. Each is a row that is
-- written once; it alone moves what the purchase notes of it, and only when the books have moved their share already.

-- What became of the units that a purchase gave, and of those that were used on it, by account. What took them back may be
-- in another account: that of the member into whom this one was merged.
CREATE FUNCTION loyalty_units_of_purchase(p_merchant uuid, p_member uuid, p_purchase uuid)
RETURNS TABLE (account_id uuid, given numeric, taken_back numeric, used numeric, given_back numeric)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT e.account_id,
           coalesce(sum(e.amount) FILTER (WHERE e.kind = 'award'), 0),
           coalesce(sum(undone.amount) FILTER (WHERE e.kind = 'award'), 0),
           coalesce(sum(e.amount) FILTER (WHERE e.kind <> 'award'), 0),
           coalesce(sum(undone.amount) FILTER (WHERE e.kind <> 'award'), 0)
    FROM ledger_account a
    JOIN ledger_entry e ON e.merchant_id = a.merchant_id AND e.account_id = a.id
    LEFT JOIN LATERAL (
        SELECT sum(t.amount) AS amount FROM ledger_entry t
        WHERE t.merchant_id = e.merchant_id AND t.refers_to = e.id AND t.outcome = 'posted'
          AND t.kind = CASE e.kind WHEN 'award' THEN 'take_back' ELSE 'return' END
    ) undone ON true
    WHERE a.merchant_id = p_merchant AND a.member_id = p_member AND e.cause_id = p_purchase
      AND e.outcome = 'posted' AND e.kind IN ('award', 'spend', 'capture')
    GROUP BY e.account_id;
END $$;

-- What may be noted on a purchase: once, that it was cancelled; or, by a refund and nobody else, that more of it went back.
CREATE OR REPLACE FUNCTION loyalty_keep_purchase() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- `ended_at` follows from the others, and is not worked out yet
    v_noted text[] := ARRAY['cancelled_at', 'refunded_minor', 'refunded_at', 'ended_at'];
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.cancelled_at IS NULL AND OLD.refunded_minor < OLD.amount_minor
       AND to_jsonb(NEW) - v_noted = to_jsonb(OLD) - v_noted THEN
        IF NEW.cancelled_at IS NOT NULL AND NEW.refunded_minor = OLD.refunded_minor
           AND NEW.refunded_at IS NOT DISTINCT FROM OLD.refunded_at THEN
            RETURN NEW;
        ELSIF NEW.cancelled_at IS NULL AND NEW.refunded_minor > OLD.refunded_minor AND pg_trigger_depth() > 1 THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'purchase: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

-- The share is cumulative and rounded down: after the last part it is the whole, and never more than its part before.
CREATE FUNCTION loyalty_apply_refund() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_purchase loyalty_purchase;
    v_wrong    record;
BEGIN
    UPDATE loyalty_purchase
    SET refunded_minor = refunded_minor + NEW.amount_minor, refunded_at = greatest(refunded_at, NEW.recorded_at)
    WHERE merchant_id = NEW.merchant_id AND id = NEW.purchase_id
    RETURNING * INTO STRICT v_purchase;
    SELECT * INTO v_wrong
    FROM loyalty_units_of_purchase(NEW.merchant_id, v_purchase.member_id, NEW.purchase_id) units
    WHERE units.taken_back <> div(units.given * v_purchase.refunded_minor, v_purchase.amount_minor)
       OR units.given_back < div(units.used * v_purchase.refunded_minor, v_purchase.amount_minor)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'refund: of % units given % are taken back, of % used % are given back', v_wrong.given,
            v_wrong.taken_back, v_wrong.used, v_wrong.given_back USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER apply AFTER INSERT ON loyalty_refund FOR EACH ROW EXECUTE FUNCTION loyalty_apply_refund();

CREATE FUNCTION loyalty_keep_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'refund: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON loyalty_refund FOR EACH ROW EXECUTE FUNCTION loyalty_keep_refund();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON loyalty_refund FOR EACH STATEMENT EXECUTE FUNCTION loyalty_keep_refund();

-- As before, and for a purchase of which a part was refunded: the rest. True when this call cancelled it, false when nothing
-- of it was left to cancel.
CREATE OR REPLACE FUNCTION loyalty_note_cancellation(p_merchant uuid, p_purchase uuid, p_at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_member uuid;
    v_wrong  record;
BEGIN
    UPDATE loyalty_purchase SET cancelled_at = p_at
    WHERE merchant_id = p_merchant AND id = p_purchase AND ended_at IS NULL
    RETURNING member_id INTO v_member;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT * INTO v_wrong FROM loyalty_units_of_purchase(p_merchant, v_member, p_purchase) units
    WHERE units.taken_back <> units.given OR units.given_back <> units.used LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'purchase: cancelled with % units still given and % still used', v_wrong.given - v_wrong.taken_back,
            v_wrong.used - v_wrong.given_back USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN true;
END $$;
