-- The laws of the books, each as a query that finds what breaks it. Run within one merchant's scope.

-- law: every unit is in exactly one bucket, where its movements put it
SELECT l.id AS lot, l.granted, m.*
FROM ledger_lot l
LEFT JOIN LATERAL (
    SELECT coalesce(sum(amount) FILTER (WHERE source = 'issuing'), 0) AS issued,
           coalesce(sum(amount) FILTER (WHERE target = 'pending'), 0)
             - coalesce(sum(amount) FILTER (WHERE source = 'pending'), 0) AS pending,
           coalesce(sum(amount) FILTER (WHERE target = 'available'), 0)
             - coalesce(sum(amount) FILTER (WHERE source = 'available'), 0) AS available,
           coalesce(sum(amount) FILTER (WHERE target = 'held'), 0)
             - coalesce(sum(amount) FILTER (WHERE source = 'held'), 0) AS held,
           coalesce(sum(amount) FILTER (WHERE target = 'spent'), 0)
             - coalesce(sum(amount) FILTER (WHERE source = 'spent'), 0) AS spent,
           coalesce(sum(amount) FILTER (WHERE target = 'expired'), 0)
             - coalesce(sum(amount) FILTER (WHERE source = 'expired'), 0) AS expired,
           coalesce(sum(amount) FILTER (WHERE target = 'revoked'), 0)
             - coalesce(sum(amount) FILTER (WHERE source = 'revoked'), 0) AS revoked,
           coalesce(sum(amount) FILTER (WHERE target = 'repaid'), 0)
             - coalesce(sum(amount) FILTER (WHERE source = 'repaid'), 0) AS repaid,
           coalesce(sum(amount) FILTER (WHERE target = 'moved'), 0)
             - coalesce(sum(amount) FILTER (WHERE source = 'moved'), 0) AS moved
    FROM ledger_movement v
    WHERE v.merchant_id = l.merchant_id AND v.account_id = l.account_id AND v.lot_id = l.id
) m ON true
WHERE l.merchant_id = %(merchant)s
  AND ((l.granted, l.pending, l.available, l.held, l.spent, l.expired, l.revoked, l.repaid, l.moved)
       IS DISTINCT FROM
       (m.issued, m.pending, m.available, m.held, m.spent, m.expired, m.revoked, m.repaid, m.moved)
       OR l.granted <> l.pending + l.available + l.held + l.spent + l.expired + l.revoked + l.repaid + l.moved)

-- law: no lot without its issue
SELECT l.id AS lot, l.granted, m.source, m.entry_id AS issued_by
FROM ledger_lot l
LEFT JOIN ledger_movement m ON m.merchant_id = l.merchant_id AND m.account_id = l.account_id AND m.seq = l.seq
WHERE l.merchant_id = %(merchant)s
  AND (m.lot_id, m.entry_id, m.source) IS DISTINCT FROM (l.id, l.entry_id, 'issuing'::ledger_bucket)

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
SELECT a.id AS account, a.available, f.available AS folded, a.pending, a.held, a.last_seq, f.movements
FROM ledger_account a
LEFT JOIN (
    SELECT account_id, count(*) AS movements, max(seq) AS last,
           coalesce(sum(amount) FILTER (WHERE target = 'pending'), 0)
             - coalesce(sum(amount) FILTER (WHERE source = 'pending'), 0) AS pending,
           coalesce(sum(amount) FILTER (WHERE target = 'available'), 0)
             - coalesce(sum(amount) FILTER (WHERE source = 'available'), 0) AS available,
           coalesce(sum(amount) FILTER (WHERE target = 'held'), 0)
             - coalesce(sum(amount) FILTER (WHERE source = 'held'), 0) AS held
    FROM ledger_movement WHERE merchant_id = %(merchant)s GROUP BY account_id
) f ON f.account_id = a.id
WHERE a.merchant_id = %(merchant)s
  AND (a.available <> coalesce(f.available, 0) OR a.pending <> coalesce(f.pending, 0) OR a.held <> coalesce(f.held, 0)
       OR a.last_seq <> coalesce(f.movements, 0) OR a.last_seq <> coalesce(f.last, 0))

-- law: debt only when nothing is available
SELECT id AS account, debt, available FROM ledger_account
WHERE merchant_id = %(merchant)s AND debt > 0 AND available > 0

-- law: what is owed is what entries made a debt, less what was repaid
SELECT a.id AS account, a.debt, o.owed, r.repaid
FROM ledger_account a
LEFT JOIN (SELECT account_id, sum(owed) AS owed FROM ledger_entry WHERE merchant_id = %(merchant)s GROUP BY account_id) o
    ON o.account_id = a.id
LEFT JOIN (
    SELECT account_id, sum(amount) AS repaid FROM ledger_movement
    WHERE merchant_id = %(merchant)s AND target = 'repaid' GROUP BY account_id
) r ON r.account_id = a.id
WHERE a.merchant_id = %(merchant)s AND a.debt <> coalesce(o.owed, 0) - coalesce(r.repaid, 0)

-- law: a posted entry moved its amount, a declined one nothing
SELECT e.id AS entry, e.kind, e.outcome, e.amount, m.moved
FROM ledger_entry e
LEFT JOIN (
    SELECT account_id, entry_id, sum(amount) AS moved
    FROM ledger_movement WHERE merchant_id = %(merchant)s GROUP BY account_id, entry_id
) m ON m.account_id = e.account_id AND m.entry_id = e.id
WHERE e.merchant_id = %(merchant)s
  AND coalesce(m.moved, 0) <> CASE WHEN e.outcome <> 'posted' THEN 0 WHEN e.kind = 'take_back' THEN e.amount - e.owed ELSE e.amount END

-- law: every movement has its entry and its lot, in the same account
SELECT m.account_id AS account, m.seq
FROM ledger_movement m
LEFT JOIN ledger_entry e ON e.merchant_id = m.merchant_id AND e.id = m.entry_id AND e.account_id = m.account_id
LEFT JOIN ledger_lot l ON l.merchant_id = m.merchant_id AND l.id = m.lot_id AND l.account_id = m.account_id
WHERE m.merchant_id = %(merchant)s AND (e.id IS NULL OR l.id IS NULL)

-- law: every lot, entry and hold has its account
SELECT x.id AS orphan FROM (
    SELECT id, account_id FROM ledger_lot WHERE merchant_id = %(merchant)s
    UNION ALL SELECT id, account_id FROM ledger_entry WHERE merchant_id = %(merchant)s
    UNION ALL SELECT id, account_id FROM ledger_hold WHERE merchant_id = %(merchant)s
) x
LEFT JOIN ledger_account a ON a.merchant_id = %(merchant)s AND a.id = x.account_id
WHERE a.id IS NULL

-- law: a take-back names an award, and all of them together take no more than it gave
SELECT t.refers_to AS award, g.amount, t.taken
FROM (
    SELECT refers_to, sum(amount) AS taken FROM ledger_entry
    WHERE merchant_id = %(merchant)s AND kind = 'take_back' AND outcome = 'posted' GROUP BY refers_to
) t
LEFT JOIN ledger_entry g ON g.merchant_id = %(merchant)s AND g.id = t.refers_to AND g.kind = 'award' AND g.outcome = 'posted'
WHERE g.id IS NULL OR t.taken > g.amount

-- law: units are revoked by a take-back or a correction, and by nothing else
SELECT m.account_id AS account, m.seq, e.kind
FROM ledger_movement m JOIN ledger_entry e ON e.merchant_id = m.merchant_id AND e.id = m.entry_id
WHERE m.merchant_id = %(merchant)s AND m.target = 'revoked' AND e.kind NOT IN ('take_back', 'adjust')

-- law: what came back was used before, lot by lot, and no more of it
SELECT b.refers_to AS spend, b.lot_id AS lot, b.returned, u.used
FROM (
    SELECT e.refers_to, m.account_id, m.lot_id, sum(m.amount) AS returned
    FROM ledger_movement m JOIN ledger_entry e ON e.merchant_id = m.merchant_id AND e.id = m.entry_id
    WHERE m.merchant_id = %(merchant)s AND e.kind = 'return' AND m.source = 'spent' GROUP BY 1, 2, 3
) b
LEFT JOIN (
    SELECT entry_id, lot_id, sum(amount) AS used FROM ledger_movement
    WHERE merchant_id = %(merchant)s AND target = 'spent' GROUP BY 1, 2
) u ON u.entry_id = b.refers_to AND u.lot_id = b.lot_id
WHERE b.returned > coalesce(u.used, 0)

-- law: a spend comes back at most once
SELECT r.refers_to AS spend, s.amount, r.returned
FROM (
    SELECT refers_to, sum(amount) AS returned FROM ledger_entry
    WHERE merchant_id = %(merchant)s AND kind = 'return' AND outcome = 'posted' GROUP BY refers_to
) r
LEFT JOIN ledger_entry s ON s.merchant_id = %(merchant)s AND s.id = r.refers_to AND s.kind IN ('spend', 'capture')
                        AND s.outcome = 'posted'
WHERE s.id IS NULL OR r.returned > s.amount

-- law: a hold is its entry's, and closes once, by an entry that names it, in the account where its units are
SELECT coalesce(h.id, e.id) AS hold, h.closed_by, c.kind AS closed_as, c.times
FROM (SELECT * FROM ledger_hold WHERE merchant_id = %(merchant)s) h
FULL JOIN (
    SELECT id, account_id, amount FROM ledger_entry
    WHERE merchant_id = %(merchant)s AND kind = 'hold' AND outcome = 'posted'
) e ON e.id = h.id
LEFT JOIN (
    SELECT refers_to, count(*) AS times, min(kind) AS kind, min(id::text)::uuid AS id, min(account_id::text)::uuid AS account_id
    FROM ledger_entry
    WHERE merchant_id = %(merchant)s AND kind IN ('capture', 'release') AND outcome = 'posted' GROUP BY refers_to
) c ON c.refers_to = h.id
WHERE h.id IS NULL OR e.id IS NULL OR h.first_seq IS NULL AND h.account_id <> e.account_id OR h.amount <> e.amount
   OR h.closed_by IS DISTINCT FROM c.id OR c.account_id <> h.account_id OR c.times > 1

-- law: a hold stands where its own entry or a merge set its units aside, all of them, and each movement is of one hold
SELECT h.id AS hold, h.account_id AS account, h.amount, s.amount AS set_aside
FROM ledger_hold h
LEFT JOIN LATERAL (
    SELECT sum(m.amount) AS amount, bool_and(m.target = 'held' AND (e.id = h.id OR e.kind = 'merge')) AS is_sound
    FROM ledger_movement m JOIN ledger_entry e ON e.merchant_id = m.merchant_id AND e.id = m.entry_id
    WHERE m.merchant_id = h.merchant_id AND m.account_id = h.account_id
      AND CASE WHEN h.first_seq IS NULL THEN m.entry_id = h.id ELSE m.seq BETWEEN h.first_seq AND h.last_seq END
) s ON true
WHERE h.merchant_id = %(merchant)s
  AND (s.amount IS DISTINCT FROM h.amount OR NOT s.is_sound OR EXISTS (
      SELECT FROM ledger_hold o
      WHERE o.merchant_id = h.merchant_id AND o.account_id = h.account_id AND o.id <> h.id
        AND o.first_seq <= h.last_seq AND o.last_seq >= h.first_seq))

-- law: what is held is the open holds'
SELECT a.id AS account, a.held, h.held AS in_holds
FROM ledger_account a
LEFT JOIN (
    SELECT account_id, sum(amount) AS held FROM ledger_hold
    WHERE merchant_id = %(merchant)s AND closed_by IS NULL GROUP BY account_id
) h ON h.account_id = a.id
WHERE a.merchant_id = %(merchant)s AND a.held <> coalesce(h.held, 0)

-- law: what merging takes out of one account it puts into another, unit by unit
SELECT a.unit_id AS unit, sum(l.moved) AS moved, sum(l.granted) FILTER (WHERE e.kind = 'merge') AS arrived
FROM ledger_lot l
JOIN ledger_account a ON a.merchant_id = l.merchant_id AND a.id = l.account_id
JOIN ledger_entry e ON e.merchant_id = l.merchant_id AND e.id = l.entry_id
WHERE l.merchant_id = %(merchant)s
GROUP BY a.unit_id
HAVING sum(l.moved) <> coalesce(sum(l.granted) FILTER (WHERE e.kind = 'merge'), 0)

-- law: a debt that merging moves is owed by one account and no longer by the other
SELECT a.unit_id AS unit, sum(e.owed) AS owed
FROM ledger_entry e JOIN ledger_account a ON a.merchant_id = e.merchant_id AND a.id = e.account_id
WHERE e.merchant_id = %(merchant)s AND e.kind = 'merge'
GROUP BY a.unit_id HAVING sum(e.owed) <> 0

-- law: an expired unit is never spent
SELECT m.account_id AS account, m.seq, l.expires_at, e.recorded_at
FROM ledger_movement m
JOIN ledger_lot l ON l.merchant_id = m.merchant_id AND l.id = m.lot_id
JOIN ledger_entry e ON e.merchant_id = m.merchant_id AND e.id = m.entry_id
WHERE m.merchant_id = %(merchant)s AND m.source = 'available' AND m.target = 'spent'
  AND l.expires_at <= e.recorded_at

-- law: the balance beside each entry is what its movements left
-- An entry that only owes moves nothing, so several may share a place; then the balance lies between before and after them.
SELECT e.id AS entry, e.available_after, f.available AS folded, e.owed
FROM (
    SELECT id, account_id, last_seq, available_after, owed,
           sum(greatest(owed, 0)) OVER (PARTITION BY account_id, last_seq) AS owing_more,
           sum(least(owed, 0)) OVER (PARTITION BY account_id, last_seq) AS owing_less,
           sum(owed) OVER (PARTITION BY account_id ORDER BY last_seq)
             - sum(owed) OVER (PARTITION BY account_id, last_seq) AS owed_before
    FROM ledger_entry WHERE merchant_id = %(merchant)s
) e
JOIN (
    SELECT account_id, seq, entry_id,
           sum(CASE WHEN target IN ('available', 'repaid') THEN amount WHEN source = 'available' THEN -amount ELSE 0 END)
               OVER (PARTITION BY account_id ORDER BY seq) AS available
    FROM ledger_movement WHERE merchant_id = %(merchant)s
) f ON f.account_id = e.account_id AND f.seq = e.last_seq
WHERE CASE WHEN f.entry_id = e.id THEN e.available_after <> f.available - e.owed_before - e.owed
           ELSE e.available_after NOT BETWEEN f.available - e.owed_before - e.owing_more
                                              AND f.available - e.owed_before - e.owing_less END

-- law: issued = outstanding + spent + expired + revoked + repaid + moved, unit by unit
SELECT a.unit_id AS unit, sum(l.granted) AS issued,
       sum(l.pending + l.available + l.held + l.spent + l.expired + l.revoked + l.repaid + l.moved) AS accounted
FROM ledger_lot l JOIN ledger_account a ON a.merchant_id = l.merchant_id AND a.id = l.account_id
WHERE l.merchant_id = %(merchant)s
GROUP BY a.unit_id
HAVING sum(l.granted) <> sum(l.pending + l.available + l.held + l.spent + l.expired + l.revoked + l.repaid + l.moved)
