-- The laws of rewards: as in the ledger's `prove.sql`, each is a query that finds what breaks it, run within one merchant's
-- scope.

-- law: a limited reward is never oversold, and what is taken is what is held or was handed over
SELECT r.id AS reward, r.stock, r.taken, coalesce(d.taken, 0) AS counted
FROM rewards_reward r
LEFT JOIN (
    SELECT reward_id, count(*) AS taken FROM rewards_redemption
    WHERE merchant_id = %(merchant)s AND status IN ('held', 'captured') GROUP BY reward_id
) d ON d.reward_id = r.id
WHERE r.merchant_id = %(merchant)s AND (r.taken <> coalesce(d.taken, 0) OR r.taken > r.stock)

-- law: a redemption is what the books say it is
SELECT d.id AS redemption, d.status, d.cost, h.amount AS held, c.kind AS closed_as
FROM rewards_redemption d
LEFT JOIN ledger_hold h ON h.merchant_id = d.merchant_id AND h.id = d.id
LEFT JOIN ledger_entry c ON c.merchant_id = d.merchant_id AND c.id = h.closed_by
WHERE d.merchant_id = %(merchant)s
  AND (h.id IS NULL OR h.amount <> d.cost OR h.until <> d.held_until
       OR CASE d.status
           WHEN 'held' THEN c.kind = 'capture' OR c.kind = 'release' AND d.held_until > now()
           WHEN 'expired' THEN c.kind = 'capture' OR h.closed_by IS NULL AND d.held_until > now()
           WHEN 'released' THEN c.kind IS DISTINCT FROM 'release'
           ELSE c.kind IS DISTINCT FROM 'capture' END)

-- law: what was given back came back whole
SELECT d.id AS redemption, d.status, b.returned
FROM rewards_redemption d
JOIN ledger_hold h ON h.merchant_id = d.merchant_id AND h.id = d.id
LEFT JOIN (
    SELECT refers_to, sum(amount) AS returned FROM ledger_entry
    WHERE merchant_id = %(merchant)s AND kind = 'return' AND outcome = 'posted' GROUP BY refers_to
) b ON b.refers_to = h.closed_by
WHERE d.merchant_id = %(merchant)s AND d.status = 'voided' AND b.returned IS DISTINCT FROM d.cost
