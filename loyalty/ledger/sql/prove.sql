-- The laws of the books, each as a query that finds what breaks it. Run within one merchant's scope.

-- law: every unit is in exactly one bucket, where its movements put it
SELECT l.id AS lot, l.granted, m.*
FROM ledger_lot l
LEFT JOIN LATERAL (
    SELECT coalesce(sum(amount) FILTER (WHERE target = 'available'), 0)
             - coalesce(sum(amount) FILTER (WHERE source = 'available'), 0) AS available,
           coalesce(sum(amount) FILTER (WHERE source = 'issuing'), 0) AS issued,
           coalesce(sum(amount) FILTER (WHERE target = 'spent'), 0)
             - coalesce(sum(amount) FILTER (WHERE source = 'spent'), 0) AS spent,
           coalesce(sum(amount) FILTER (WHERE target = 'revoked'), 0)
             - coalesce(sum(amount) FILTER (WHERE source = 'revoked'), 0) AS revoked
    FROM ledger_movement v
    WHERE v.merchant_id = l.merchant_id AND v.account_id = l.account_id AND v.lot_id = l.id
) m ON true
WHERE l.merchant_id = %(merchant)s
  AND (l.available <> m.available OR l.spent <> m.spent OR l.revoked <> m.revoked OR l.granted <> m.issued
       OR l.granted <> l.pending + l.available + l.held + l.spent + l.expired + l.revoked + l.repaid)

-- law: no lot without its issue
SELECT l.id AS lot, l.granted, m.amount AS issued
FROM ledger_lot l
LEFT JOIN ledger_movement m ON m.merchant_id = l.merchant_id AND m.account_id = l.account_id AND m.seq = l.seq
WHERE l.merchant_id = %(merchant)s
  AND (m.lot_id, m.entry_id, m.source, m.amount) IS DISTINCT FROM (l.id, l.entry_id, 'issuing', l.granted)

-- law: an account is the sum of its lots
SELECT a.id AS account, a.available, s.available AS in_lots
FROM ledger_account a
LEFT JOIN (
    SELECT account_id, sum(available) AS available, sum(pending) AS pending, sum(held) AS held
    FROM ledger_lot WHERE merchant_id = %(merchant)s GROUP BY account_id
) s ON s.account_id = a.id
WHERE a.merchant_id = %(merchant)s
  AND (a.available <> coalesce(s.available, 0) OR a.pending <> coalesce(s.pending, 0) OR a.held <> coalesce(s.held, 0))

-- law: an account is the fold of its movements, without a gap
SELECT a.id AS account, a.available, f.available AS folded, a.last_seq, f.movements
FROM ledger_account a
LEFT JOIN (
    SELECT account_id, count(*) AS movements, max(seq) AS last,
           coalesce(sum(amount) FILTER (WHERE target = 'available'), 0)
             - coalesce(sum(amount) FILTER (WHERE source = 'available'), 0) AS available
    FROM ledger_movement WHERE merchant_id = %(merchant)s GROUP BY account_id
) f ON f.account_id = a.id
WHERE a.merchant_id = %(merchant)s
  AND (a.available <> coalesce(f.available, 0) OR a.last_seq <> coalesce(f.movements, 0)
       OR a.last_seq <> coalesce(f.last, 0))

-- law: debt only when nothing is available
SELECT id AS account, debt, available FROM ledger_account
WHERE merchant_id = %(merchant)s AND debt > 0 AND available > 0

-- law: a posted entry moved its amount, a declined one nothing
SELECT e.id AS entry, e.kind, e.outcome, e.amount, m.moved
FROM ledger_entry e
LEFT JOIN (
    SELECT account_id, entry_id, sum(amount) AS moved
    FROM ledger_movement WHERE merchant_id = %(merchant)s GROUP BY account_id, entry_id
) m ON m.account_id = e.account_id AND m.entry_id = e.id
WHERE e.merchant_id = %(merchant)s
  AND coalesce(m.moved, 0) <> CASE WHEN e.outcome = 'posted' THEN e.amount ELSE 0 END

-- law: every movement has its entry and its lot, in the same account
SELECT m.account_id AS account, m.seq
FROM ledger_movement m
LEFT JOIN ledger_entry e ON e.merchant_id = m.merchant_id AND e.id = m.entry_id AND e.account_id = m.account_id
LEFT JOIN ledger_lot l ON l.merchant_id = m.merchant_id AND l.id = m.lot_id AND l.account_id = m.account_id
WHERE m.merchant_id = %(merchant)s AND (e.id IS NULL OR l.id IS NULL)

-- law: every lot and entry has its account
SELECT x.id AS orphan FROM (
    SELECT id, account_id FROM ledger_lot WHERE merchant_id = %(merchant)s
    UNION ALL SELECT id, account_id FROM ledger_entry WHERE merchant_id = %(merchant)s
) x
LEFT JOIN ledger_account a ON a.merchant_id = %(merchant)s AND a.id = x.account_id
WHERE a.id IS NULL

-- law: a purchase that awarded has its entry, and the entry its purchase
SELECT coalesce(p.id, e.cause_id) AS purchase, p.awarded, e.amount
FROM (SELECT id, awarded FROM loyalty_purchase WHERE merchant_id = %(merchant)s) p
FULL JOIN (
    SELECT cause_id, sum(amount) AS amount FROM ledger_entry
    WHERE merchant_id = %(merchant)s AND kind = 'award' AND reasons->>'code' = 'per_amount' GROUP BY cause_id
) e ON e.cause_id = p.id
WHERE coalesce(p.awarded, 0) <> coalesce(e.amount, 0) OR (e.cause_id IS NOT NULL AND p.id IS NULL)

-- law: a cancelled purchase gave back all it gave, and no other gave back anything
SELECT coalesce(p.id, t.cause_id) AS purchase, p.awarded, t.amount AS taken_back
FROM (SELECT id, awarded FROM loyalty_purchase WHERE merchant_id = %(merchant)s AND cancelled_at IS NOT NULL) p
FULL JOIN (
    SELECT cause_id, sum(amount) AS amount FROM ledger_entry
    WHERE merchant_id = %(merchant)s AND kind = 'take_back' AND outcome = 'posted' GROUP BY cause_id
) t ON t.cause_id = p.id
WHERE p.id IS NULL OR p.awarded <> coalesce(t.amount, 0)

-- law: units are taken back out of what the same purchase awarded
SELECT m.account_id AS account, m.seq, e.kind, e.cause_id AS taken_for, g.cause_id AS given_for
FROM ledger_movement m
JOIN ledger_entry e ON e.merchant_id = m.merchant_id AND e.id = m.entry_id
JOIN ledger_lot l ON l.merchant_id = m.merchant_id AND l.id = m.lot_id
JOIN ledger_entry g ON g.merchant_id = l.merchant_id AND g.id = l.entry_id
WHERE m.merchant_id = %(merchant)s AND (m.target = 'revoked' OR e.kind = 'take_back')
  AND (m.target <> 'revoked' OR e.kind <> 'take_back' OR e.cause_id IS DISTINCT FROM g.cause_id)

-- law: a standing is the sum of its purchases, and every member has one
SELECT coalesce(s.member_id, m.id) AS member, s.progress_minor, s.purchases, p.spend, p.purchases AS counted
FROM (SELECT id FROM members_member WHERE merchant_id = %(merchant)s) m
FULL JOIN (SELECT * FROM loyalty_standing WHERE merchant_id = %(merchant)s) s ON s.member_id = m.id
LEFT JOIN (
    SELECT member_id, sum(amount_minor) AS spend, count(*) AS purchases
    FROM loyalty_purchase WHERE merchant_id = %(merchant)s AND cancelled_at IS NULL GROUP BY member_id
) p ON p.member_id = coalesce(s.member_id, m.id)
WHERE s.id IS NULL OR m.id IS NULL
   OR s.progress_minor <> coalesce(p.spend, 0) OR s.purchases <> coalesce(p.purchases, 0)

-- law: a standing's tier is on the ladder
SELECT s.member_id AS member, s.tier_id AS tier
FROM loyalty_standing s
LEFT JOIN loyalty_tier t ON t.merchant_id = s.merchant_id AND t.id = s.tier_id
WHERE s.merchant_id = %(merchant)s AND s.tier_id IS NOT NULL AND t.id IS NULL

-- law: what a purchase earned is in its own member's account
SELECT p.id AS purchase, p.member_id AS member, a.member_id AS credited
FROM loyalty_purchase p
JOIN ledger_entry e ON e.merchant_id = p.merchant_id AND e.cause_id = p.id
JOIN ledger_account a ON a.merchant_id = e.merchant_id AND a.id = e.account_id
WHERE p.merchant_id = %(merchant)s AND a.member_id <> p.member_id

-- law: an expired unit is never spent
SELECT m.account_id AS account, m.seq, l.expires_at, e.recorded_at
FROM ledger_movement m
JOIN ledger_lot l ON l.merchant_id = m.merchant_id AND l.id = m.lot_id
JOIN ledger_entry e ON e.merchant_id = m.merchant_id AND e.id = m.entry_id
WHERE m.merchant_id = %(merchant)s AND m.source = 'available' AND m.target = 'spent'
  AND l.expires_at <= e.recorded_at

-- law: the balance beside each entry is what its movements left
SELECT e.id AS entry, e.available_after, f.available AS folded
FROM ledger_entry e
JOIN (
    SELECT account_id, seq,
           sum(CASE WHEN target = 'available' THEN amount WHEN source = 'available' THEN -amount ELSE 0 END)
               OVER (PARTITION BY account_id ORDER BY seq) AS available
    FROM ledger_movement WHERE merchant_id = %(merchant)s
) f ON f.account_id = e.account_id AND f.seq = e.last_seq
WHERE e.merchant_id = %(merchant)s AND e.available_after <> f.available

-- law: no purchase at another merchant's location
SELECT p.id AS purchase, p.location_id
FROM loyalty_purchase p
LEFT JOIN merchants_location l ON l.merchant_id = p.merchant_id AND l.id = p.location_id
WHERE p.merchant_id = %(merchant)s AND p.location_id IS NOT NULL AND l.id IS NULL

-- law: issued = outstanding + spent + expired + revoked + repaid, unit by unit
SELECT a.unit_id AS unit, sum(l.granted) AS issued,
       sum(l.pending + l.available + l.held + l.spent + l.expired + l.revoked + l.repaid) AS accounted
FROM ledger_lot l JOIN ledger_account a ON a.merchant_id = l.merchant_id AND a.id = l.account_id
WHERE l.merchant_id = %(merchant)s
GROUP BY a.unit_id
HAVING sum(l.granted) <> sum(l.pending + l.available + l.held + l.spent + l.expired + l.revoked + l.repaid)
