-- As before. With the letting go, too, why: of a voucher that is taken back with what had brought its tier.
CREATE OR REPLACE FUNCTION rewards_keep_redemption() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_free text[] := '{status,closed_at,closed_by}';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.status = 'held' AND NEW.status = 'captured' THEN
            v_free := v_free || '{captured_at,captured_by,location_id,purchase_id}';
        ELSIF OLD.status = 'captured' OR OLD.status = 'held' AND NEW.status = 'released' THEN
            v_free := v_free || '{void_reason}';
        END IF;
        IF to_jsonb(NEW) - v_free = to_jsonb(OLD) - v_free
           AND (OLD.status = 'held' AND NEW.status IN ('captured', 'released', 'expired')
                OR OLD.status = 'captured' AND NEW.status = 'voided') THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'redemption: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
