-- How long a lot lives may be changed in two ways, both to let it live longer: a visit carries what dies by inactivity
-- further, and a change of a unit's expiry gives all who have units of it one full period from then on. Units that never had
-- an end get one so, and lose it where the expiry goes.

-- Whoever writes a lot outside of its movements may change when it ends, and nothing else. Nothing brings an end nearer.
CREATE FUNCTION ledger_end_later() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW (NEW.merchant_id, NEW.id, NEW.account_id, NEW.entry_id, NEW.seq, NEW.granted, NEW.pending, NEW.available,
            NEW.held, NEW.spent, NEW.expired, NEW.revoked, NEW.repaid, NEW.moved, NEW.vests_at, NEW.came_from)
       IS NOT DISTINCT FROM
       ROW (OLD.merchant_id, OLD.id, OLD.account_id, OLD.entry_id, OLD.seq, OLD.granted, OLD.pending, OLD.available,
            OLD.held, OLD.spent, OLD.expired, OLD.revoked, OLD.repaid, OLD.moved, OLD.vests_at, OLD.came_from)
       AND (NEW.expires_at IS NULL OR OLD.expires_at IS NULL OR NEW.expires_at > OLD.expires_at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'ledger: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER one_writer ON ledger_lot;
CREATE TRIGGER one_writer BEFORE UPDATE ON ledger_lot FOR EACH ROW
    WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger_end_later();

-- A visit: what lived then and has an end lives until `p_until`. Under the account's lock, or before anybody else sees the
-- account. What a sweep has expired meanwhile stays so.
CREATE FUNCTION ledger_carry(p_merchant uuid, p_account uuid, p_visited_at timestamptz, p_until timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE ledger_lot SET expires_at = p_until
    WHERE merchant_id = p_merchant AND account_id = p_account AND is_open
      AND expires_at > p_visited_at AND expires_at < p_until;
END $$;

-- The expiry of a unit is another one: what is alive in the next accounts lives until `p_until` at least, for ever where that
-- is NULL. The answer is the last of these accounts, NULL where there is none after `p_after`. Repeating it does nothing.
CREATE FUNCTION ledger_renew(p_merchant uuid, p_unit uuid, p_until timestamptz, p_after uuid, p_most integer) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_accounts uuid[];
BEGIN
    SELECT array_agg(id ORDER BY id) INTO v_accounts FROM (
        SELECT id FROM ledger_account
        WHERE merchant_id = p_merchant AND unit_id = p_unit AND (p_after IS NULL OR id > p_after)
        ORDER BY id LIMIT p_most FOR NO KEY UPDATE) account;
    UPDATE ledger_lot SET expires_at = p_until
    WHERE merchant_id = p_merchant AND account_id = ANY (v_accounts) AND is_open
      AND CASE WHEN p_until IS NULL THEN expires_at > now()
               ELSE expires_at IS NULL OR expires_at > now() AND expires_at < p_until END;
    RETURN v_accounts[array_upper(v_accounts, 1)];
END $$;
