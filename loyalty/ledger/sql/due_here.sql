-- What is due in one account is found by an index of its own, not among all its open lots: somebody who comes every day has
-- hundreds of those.
CREATE INDEX ledger_lot_due_here ON ledger_lot (merchant_id, account_id, due_at) WHERE due_at IS NOT NULL;

CREATE OR REPLACE FUNCTION ledger_settle_locked(p_merchant uuid, p_account uuid, p_now timestamptz) RETURNS integer
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_hold   ledger_hold;
    v_lot    record;
    v_entry  uuid;
    v_done   integer := 0;
BEGIN
    FOR v_hold IN SELECT * FROM ledger_hold
        WHERE merchant_id = p_merchant AND account_id = p_account AND closed_by IS NULL AND until <= p_now
        ORDER BY until, id
    LOOP
        v_entry := gen_random_uuid();
        PERFORM ledger_let_go(v_hold, v_entry);
        PERFORM ledger_close(p_merchant, p_account, v_entry, 'release', 'posted', v_hold.amount, '',
                             '{"code": "timed_out"}', NULL, v_hold.id, NULL, v_hold.until, NULL);
        v_done := v_done + 1;
    END LOOP;
    FOR v_lot IN SELECT id, entry_id, pending, vests_at FROM ledger_lot
        WHERE merchant_id = p_merchant AND account_id = p_account AND due_at <= p_now AND pending > 0
        ORDER BY vests_at, id
    LOOP
        v_entry := gen_random_uuid();
        PERFORM ledger_come_back(p_merchant, p_account, v_entry, v_lot.id, 'pending', v_lot.pending);
        PERFORM ledger_close(p_merchant, p_account, v_entry, 'vest', 'posted', v_lot.pending, '',
                             '{"code": "vested"}', NULL, v_lot.entry_id, NULL, v_lot.vests_at, NULL);
        v_done := v_done + 1;
    END LOOP;
    FOR v_lot IN SELECT id, entry_id, available, expires_at FROM ledger_lot
        WHERE merchant_id = p_merchant AND account_id = p_account AND due_at <= p_now AND available > 0
        ORDER BY expires_at, id
    LOOP
        v_entry := gen_random_uuid();
        PERFORM ledger_move(p_merchant, p_account, v_entry, v_lot.id, 'available', 'expired', v_lot.available);
        PERFORM ledger_close(p_merchant, p_account, v_entry, 'expire', 'posted', v_lot.available, '',
                             '{"code": "expired"}', NULL, v_lot.entry_id, NULL, v_lot.expires_at, NULL);
        v_done := v_done + 1;
    END LOOP;
    RETURN v_done;
END $$;
