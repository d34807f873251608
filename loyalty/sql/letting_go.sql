-- What is used already of what a purchase gave is owed after a refund, or the programme that it was judged by lets it go. Then
-- no more than the share goes back, and it may be less.

CREATE FUNCTION loyalty_takes_all_back(p_merchant uuid, p_version integer) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN NOT EXISTS (SELECT FROM loyalty_programmeversion
                       WHERE merchant_id = p_merchant AND number = p_version AND definition ->> 'returns' <> 'debt');
END $$;

CREATE OR REPLACE FUNCTION loyalty_apply_refund() RETURNS trigger
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
    WHERE units.taken_back > div(units.given * v_purchase.refunded_minor, v_purchase.amount_minor)
       OR units.taken_back < div(units.given * v_purchase.refunded_minor, v_purchase.amount_minor)
          AND loyalty_takes_all_back(NEW.merchant_id, v_purchase.programme_version)
       OR units.given_back < div(units.used * v_purchase.refunded_minor, v_purchase.amount_minor)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'refund: of % units given % are taken back, of % used % are given back', v_wrong.given,
            v_wrong.taken_back, v_wrong.used, v_wrong.given_back USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION loyalty_note_cancellation(p_merchant uuid, p_purchase uuid, p_at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_member  uuid;
    v_version integer;
    v_wrong   record;
BEGIN
    UPDATE loyalty_purchase SET cancelled_at = p_at
    WHERE merchant_id = p_merchant AND id = p_purchase AND ended_at IS NULL
    RETURNING member_id, programme_version INTO v_member, v_version;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT * INTO v_wrong FROM loyalty_units_of_purchase(p_merchant, v_member, p_purchase) units
    WHERE units.taken_back < units.given AND loyalty_takes_all_back(p_merchant, v_version) OR units.given_back <> units.used LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'purchase: cancelled with % units still given and % still used', v_wrong.given - v_wrong.taken_back,
            v_wrong.used - v_wrong.given_back USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN true;
END $$;
