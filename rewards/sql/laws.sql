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
  AND (d.cost > 0 OR h.id IS NOT NULL)  -- a voucher that costs nothing is in no books
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

-- law: a reward was used on the purchase that the books say, in whose member's account they have it
-- Else what undoes the purchase would not give back its units, or those of somebody else.
SELECT d.id AS redemption, d.purchase_id AS purchase, b.id AS in_the_books, d.member_id AS member, p.member_id AS bought_by
FROM rewards_redemption d
JOIN ledger_hold h ON h.merchant_id = d.merchant_id AND h.id = d.id
JOIN ledger_entry c ON c.merchant_id = d.merchant_id AND c.id = h.closed_by AND c.kind = 'capture'
JOIN ledger_account a ON a.merchant_id = d.merchant_id AND a.id = c.account_id
LEFT JOIN loyalty_purchase b ON b.merchant_id = d.merchant_id AND b.id = c.cause_id
LEFT JOIN loyalty_purchase p ON p.merchant_id = d.merchant_id AND p.id = d.purchase_id
WHERE d.merchant_id = %(merchant)s
  AND (d.purchase_id IS DISTINCT FROM b.id OR p.member_id <> a.member_id)

-- law: a reward that came back with a purchase was used on one of which nothing is left
SELECT d.id AS redemption, d.purchase_id AS purchase, p.ended_at
FROM rewards_redemption d
LEFT JOIN loyalty_purchase p ON p.merchant_id = d.merchant_id AND p.id = d.purchase_id
WHERE d.merchant_id = %(merchant)s AND d.void_reason = 'refunded' AND p.ended_at IS NULL

-- law: only what was handed over was used on a purchase
SELECT d.id AS redemption, d.status, d.purchase_id AS purchase
FROM rewards_redemption d
WHERE d.merchant_id = %(merchant)s AND d.purchase_id IS NOT NULL AND d.captured_at IS NULL

-- law: what is set aside is with the member for whom it counts today
SELECT d.id AS redemption, d.member_id AS member, a.member_id AS set_aside_for
FROM rewards_redemption d
JOIN ledger_hold h ON h.merchant_id = d.merchant_id AND h.id = d.id AND h.closed_by IS NULL
JOIN ledger_account a ON a.merchant_id = d.merchant_id AND a.id = h.account_id
JOIN members_member m ON m.merchant_id = d.merchant_id AND m.id = d.member_id
WHERE d.merchant_id = %(merchant)s AND a.member_id <> coalesce(m.merged_into_id, m.id)
