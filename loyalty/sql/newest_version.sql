-- The programme version in force, for a caller that knows the merchant's id and nothing else. It sets the merchant
-- scope itself and puts back what was set before. Runs as its caller: row-level security applies.

CREATE FUNCTION loyalty_newest_version(p_merchant uuid, OUT number integer, OUT definition jsonb)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_before text := coalesce(current_setting('app.merchant_id', true), '');
BEGIN
    PERFORM set_config('app.merchant_id', p_merchant::text, true);
    SELECT v.number, v.definition INTO number, definition
    FROM loyalty_programme p
    JOIN loyalty_programmeversion v ON v.merchant_id = p.merchant_id AND v.number = p.version
    WHERE p.merchant_id = p_merchant;
    PERFORM set_config('app.merchant_id', v_before, true);
END $$;
