-- What waits for a word lives from that word on: its end is counted from the day on which somebody says it.

-- What of one award is pending for want of a word lives until `p_until` at least; what never had an end has none. Under the
-- account's lock, before it vests. Repeating it does nothing.
CREATE FUNCTION ledger_prolong(p_merchant uuid, p_account uuid, p_award uuid, p_until timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    UPDATE ledger_lot SET expires_at = p_until
    WHERE merchant_id = p_merchant AND account_id = p_account AND is_open AND pending > 0 AND vests_at IS NULL
      AND expires_at < p_until
      AND id IN (SELECT id FROM ledger_lots_of(p_merchant, p_award, p_account));
END $$;
