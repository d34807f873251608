-- Take-backs of before `refers_to` name their award now: that of the lot which they emptied. It is written for all merchants
-- and behind the guards, which stand again at the end of this same transaction.
ALTER TABLE ledger_entry NO FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger_movement NO FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger_lot NO FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger_entry DISABLE TRIGGER keep;

UPDATE ledger_entry e SET refers_to = l.entry_id
FROM ledger_movement m JOIN ledger_lot l ON l.merchant_id = m.merchant_id AND l.id = m.lot_id
WHERE e.kind = 'take_back' AND e.outcome = 'posted' AND e.refers_to IS NULL
  AND m.merchant_id = e.merchant_id AND m.account_id = e.account_id AND m.seq = e.last_seq AND m.entry_id = e.id;

ALTER TABLE ledger_entry ENABLE TRIGGER keep;
ALTER TABLE ledger_lot FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger_movement FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger_entry FORCE ROW LEVEL SECURITY;
