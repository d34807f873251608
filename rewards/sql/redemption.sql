-- A redemption is written once; then it ends, and what was handed over may be given back. Nothing else about it changes.

CREATE FUNCTION rewards_keep_redemption() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - '{status,closed_at}'::text[] = to_jsonb(OLD) - '{status,closed_at}'::text[]
       AND (OLD.status = 'held' AND NEW.status IN ('captured', 'released', 'expired')
            OR OLD.status = 'captured' AND NEW.status = 'voided') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'redemption: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON rewards_redemption
    FOR EACH ROW EXECUTE FUNCTION rewards_keep_redemption();
