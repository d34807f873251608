-- As in `settling.sql`, and for an account from which a merge had nothing to move, so that no entry tells of it: then the
-- members do. What it earned or used before may be undone through the account of the one who stays all the same.
CREATE OR REPLACE FUNCTION ledger_original(p_merchant uuid, p_entry uuid, p_account uuid, p_kinds text[]) RETURNS ledger_entry
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_entry ledger_entry := ledger_entry_of(p_merchant, p_entry, NULL, p_kinds);
BEGIN
    IF v_entry.account_id = p_account THEN
        RETURN v_entry;
    END IF;
    PERFORM FROM (SELECT id FROM ledger_account WHERE merchant_id = p_merchant AND id IN (v_entry.account_id, p_account)
                  ORDER BY id FOR NO KEY UPDATE) locked;
    IF NOT EXISTS (
        SELECT FROM ledger_account theirs
        JOIN members_member who ON who.merchant_id = p_merchant AND who.id = theirs.member_id
        JOIN ledger_account here ON here.merchant_id = p_merchant AND here.member_id = who.merged_into_id
                                AND here.unit_id = theirs.unit_id
        WHERE theirs.merchant_id = p_merchant AND theirs.id = v_entry.account_id AND here.id = p_account
    ) AND NOT EXISTS (
        WITH RECURSIVE heir AS (
            SELECT v_entry.account_id AS id
            UNION
            SELECT arrived.account_id
            FROM heir
            JOIN ledger_entry left_ ON left_.merchant_id = p_merchant AND left_.account_id = heir.id
                 AND left_.kind = 'merge' AND left_.outcome = 'posted' AND left_.refers_to IS NULL
            JOIN ledger_entry arrived ON arrived.merchant_id = p_merchant AND arrived.refers_to = left_.id
                 AND arrived.kind = 'merge'
        )
        SELECT FROM heir WHERE id = p_account
    ) THEN
        RAISE EXCEPTION 'ledger: no such % here', p_kinds[1] USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN v_entry;
END $$;
