-- The laws of what is written beside the books: purchases and what became of them, standings. As in the ledger's
-- `prove.sql`, each is a query that finds what breaks it, run within one merchant's scope.

-- law: a purchase that awarded has its entry, and the entry its purchase
-- It tells the units of the first kind that its version has. Without a purchase, what was given follows from another happening.
SELECT coalesce(p.id, e.cause_id) AS purchase, p.awarded, e.amount
FROM (
    SELECT bought.id, bought.awarded, version.unit_id FROM loyalty_purchase bought
    JOIN (SELECT number, (definition #>> '{units,0,id}')::uuid AS unit_id FROM loyalty_programmeversion
          WHERE merchant_id = %(merchant)s) version ON version.number = bought.programme_version
    WHERE bought.merchant_id = %(merchant)s
) p
FULL JOIN (
    SELECT a.unit_id, e.cause_id, sum(e.amount) AS amount
    FROM ledger_entry e JOIN ledger_account a ON a.merchant_id = e.merchant_id AND a.id = e.account_id
    WHERE e.merchant_id = %(merchant)s AND e.kind = 'award' AND e.cause_id IS NOT NULL GROUP BY a.unit_id, e.cause_id
) e ON e.cause_id = p.id AND e.unit_id = p.unit_id
WHERE p.id IS NOT NULL AND p.awarded <> coalesce(e.amount, 0)
   OR p.id IS NULL
      AND NOT EXISTS (SELECT FROM loyalty_purchase o WHERE o.merchant_id = %(merchant)s AND o.id = e.cause_id)
      AND NOT EXISTS (SELECT FROM loyalty_happening h WHERE h.merchant_id = %(merchant)s AND h.id = e.cause_id)
      AND NOT EXISTS (SELECT FROM members_member m WHERE m.merchant_id = %(merchant)s AND m.id = e.cause_id)

-- law: a purchase gave back the refunded share of what it gave, to the unit, and a cancelled one all of it
-- Where its version lets members keep what they have used, it gave back no more than that.
SELECT p.id AS purchase, g.unit_id AS unit, p.amount_minor, p.refunded_minor, g.given, g.taken_back
FROM (
    SELECT bought.*, coalesce(version.definition ->> 'returns', 'debt') AS returns FROM loyalty_purchase bought
    JOIN loyalty_programmeversion version
      ON version.merchant_id = bought.merchant_id AND version.number = bought.programme_version
    WHERE bought.merchant_id = %(merchant)s
) p
JOIN (
    SELECT e.cause_id, a.unit_id, coalesce(sum(e.amount) FILTER (WHERE e.kind = 'award'), 0) AS given,
           coalesce(sum(e.amount) FILTER (WHERE e.kind = 'take_back'), 0) AS taken_back
    FROM ledger_entry e JOIN ledger_account a ON a.merchant_id = e.merchant_id AND a.id = e.account_id
    WHERE e.merchant_id = %(merchant)s AND e.kind IN ('award', 'take_back') AND e.outcome = 'posted'
    GROUP BY e.cause_id, a.unit_id
) g ON g.cause_id = p.id
CROSS JOIN LATERAL (
    SELECT CASE WHEN p.cancelled_at IS NULL THEN div(g.given * p.refunded_minor, p.amount_minor) ELSE g.given END AS units
) due
WHERE g.taken_back > due.units OR p.returns = 'debt' AND g.taken_back < due.units

-- law: of what was used on a purchase, at least the refunded share came back, and all when it was cancelled
SELECT p.id AS purchase, g.unit_id AS unit, p.amount_minor, p.refunded_minor, g.used, g.given_back
FROM (SELECT * FROM loyalty_purchase WHERE merchant_id = %(merchant)s) p
JOIN (
    SELECT e.cause_id, a.unit_id, coalesce(sum(e.amount) FILTER (WHERE e.kind <> 'return'), 0) AS used,
           coalesce(sum(e.amount) FILTER (WHERE e.kind = 'return'), 0) AS given_back
    FROM ledger_entry e JOIN ledger_account a ON a.merchant_id = e.merchant_id AND a.id = e.account_id
    WHERE e.merchant_id = %(merchant)s AND e.kind IN ('spend', 'capture', 'return') AND e.outcome = 'posted'
    GROUP BY e.cause_id, a.unit_id
) g ON g.cause_id = p.id
WHERE g.given_back
    < CASE WHEN p.cancelled_at IS NULL THEN div(g.used * p.refunded_minor, p.amount_minor) ELSE g.used END

-- law: what is refunded of a purchase is the sum of its refunds, the latest of them when it says
SELECT coalesce(p.id, r.purchase_id) AS purchase, p.refunded_minor, r.refunded, p.refunded_at, r.latest
FROM (SELECT * FROM loyalty_purchase WHERE merchant_id = %(merchant)s) p
FULL JOIN (
    SELECT purchase_id, sum(amount_minor) AS refunded, max(recorded_at) AS latest
    FROM loyalty_refund WHERE merchant_id = %(merchant)s GROUP BY purchase_id
) r ON r.purchase_id = p.id
WHERE p.id IS NULL OR p.refunded_minor <> coalesce(r.refunded, 0) OR p.refunded_at IS DISTINCT FROM r.latest

-- law: a standing is the sum of its purchases, and every member has one
-- Those of who was merged into a member count for that member, and for nobody else.
SELECT coalesce(s.member_id, m.id) AS member, s.progress_minor, s.purchases, p.spend, p.purchases AS counted
FROM (SELECT id FROM members_member WHERE merchant_id = %(merchant)s) m
FULL JOIN (SELECT * FROM loyalty_standing WHERE merchant_id = %(merchant)s) s ON s.member_id = m.id
LEFT JOIN (
    SELECT coalesce(who.merged_into_id, who.id) AS member_id, sum(bought.amount_minor - bought.refunded_minor) AS spend,
           count(*) AS purchases
    FROM loyalty_purchase bought JOIN members_member who ON who.merchant_id = bought.merchant_id AND who.id = bought.member_id
    WHERE bought.merchant_id = %(merchant)s AND bought.ended_at IS NULL
    GROUP BY coalesce(who.merged_into_id, who.id)
) p ON p.member_id = coalesce(s.member_id, m.id)
WHERE s.id IS NULL OR m.id IS NULL
   OR s.progress_minor <> coalesce(p.spend, 0) OR s.purchases <> coalesce(p.purchases, 0)

-- law: a merge leads to one who stays, and leaves nothing to use where it began
SELECT m.id AS member, m.merged_into_id AS into_whom, stays.merged_into_id AS chained, a.id AS account, g.id AS merge
FROM members_member m
LEFT JOIN members_member stays ON stays.merchant_id = m.merchant_id AND stays.id = m.merged_into_id
LEFT JOIN ledger_account a ON a.merchant_id = m.merchant_id AND a.member_id = m.id
                          AND a.available + a.pending + a.held + a.debt <> 0
LEFT JOIN loyalty_merge g ON g.merchant_id = m.merchant_id AND g.merged_id = m.id AND g.into_id = m.merged_into_id
                         AND g.undone_at IS NULL
WHERE m.merchant_id = %(merchant)s AND m.merged_into_id IS NOT NULL
  AND (stays.id IS NULL OR stays.merged_into_id IS NOT NULL OR (stays.erased_at IS NULL) <> (m.erased_at IS NULL)
       OR a.id IS NOT NULL OR g.id IS NULL)

-- law: a standing's tier is on the ladder
SELECT s.member_id AS member, s.tier_id AS tier
FROM loyalty_standing s
LEFT JOIN loyalty_tier t ON t.merchant_id = s.merchant_id AND t.id = s.tier_id
WHERE s.merchant_id = %(merchant)s AND s.tier_id IS NOT NULL AND t.id IS NULL

-- law: a tier that can be lost has a day on which it is looked at
SELECT s.member_id AS member, s.tier_id AS tier
FROM loyalty_programme p
JOIN loyalty_programmeversion v ON v.merchant_id = p.merchant_id AND v.number = p.version
JOIN loyalty_standing s ON s.merchant_id = p.merchant_id AND s.review_on IS NULL
JOIN loyalty_tier t ON t.merchant_id = s.merchant_id AND t.id = s.tier_id AND t.threshold_minor > 0
JOIN members_member m ON m.merchant_id = s.merchant_id AND m.id = s.member_id AND m.merged_into_id IS NULL
                      AND m.erased_at IS NULL
WHERE p.merchant_id = %(merchant)s AND p.ladder_window <> 'lifetime'
  AND coalesce(v.definition #>> '{ladder,downgrade}', 'never') <> 'never'

-- law: what a purchase earned is in its own member's account
SELECT p.id AS purchase, p.member_id AS member, a.member_id AS credited
FROM loyalty_purchase p
JOIN ledger_entry e ON e.merchant_id = p.merchant_id AND e.cause_id = p.id AND e.kind = 'award'
JOIN ledger_account a ON a.merchant_id = e.merchant_id AND a.id = e.account_id
WHERE p.merchant_id = %(merchant)s AND a.member_id <> p.member_id

-- law: no purchase at another merchant's location
SELECT p.id AS purchase, p.location_id
FROM loyalty_purchase p
LEFT JOIN merchants_location l ON l.merchant_id = p.merchant_id AND l.id = p.location_id
WHERE p.merchant_id = %(merchant)s AND p.location_id IS NOT NULL AND l.id IS NULL

-- law: a batch of codes counts what was entered of it, and each was a code's entry
SELECT b.id AS batch, b.used, count(u.id) AS uses
FROM loyalty_codebatch b
LEFT JOIN loyalty_codeuse u ON u.merchant_id = b.merchant_id AND u.batch_id = b.id
LEFT JOIN loyalty_happening h ON h.merchant_id = u.merchant_id AND h.id = u.id AND h.trigger = 'code'
                             AND h.member_id = u.member_id
WHERE b.merchant_id = %(merchant)s
GROUP BY b.id, b.used, b.size
HAVING b.used <> count(u.id) OR count(u.id) <> count(h.id) OR max(u.serial) > b.size

-- law: of a rule's budget for all members together is taken what it left in them, less what went back
-- By kind of period, for a shop may move to another time zone. Where refunds let members keep units, those may still count.
SELECT q.rule, q.period, coalesce(b.units, 0) AS units, g.least_units, g.most_units, coalesce(b.times, 0) AS times,
       g.least_times, g.most_times
FROM (
    SELECT DISTINCT rule ->> 'id' AS rule, quota ->> 'period' AS period
    FROM loyalty_programmeversion v, jsonb_array_elements(v.definition -> 'rules') rule, jsonb_array_elements(rule -> 'quotas') quota
    WHERE v.merchant_id = %(merchant)s AND quota ->> 'whose' = 'programme'
) q
LEFT JOIN (
    SELECT rule, CASE length(period) WHEN 10 THEN 'day' WHEN 8 THEN 'week' WHEN 7 THEN 'month' ELSE 'ever' END AS period,
           sum(units) AS units, sum(times) AS times
    FROM loyalty_budget WHERE merchant_id = %(merchant)s GROUP BY 1, 2
) b ON b.rule = q.rule AND b.period = q.period
CROSS JOIN LATERAL (
    SELECT coalesce(sum(left_over.units), 0) AS least_units,
           coalesce(sum(CASE WHEN is_owed THEN left_over.units ELSE given.units END), 0) AS most_units,
           coalesce(sum(CASE WHEN is_over THEN 0 ELSE given.times END), 0) AS least_times,
           coalesce(sum(CASE WHEN is_over AND is_owed THEN 0 ELSE given.times END), 0) AS most_times
    FROM (
        SELECT number, coalesce(definition ->> 'returns', 'debt') = 'debt' AS is_owed
        FROM loyalty_programmeversion
        WHERE merchant_id = %(merchant)s AND definition @> jsonb_build_object('rules', jsonb_build_array(jsonb_build_object(
            'id', q.rule, 'quotas', jsonb_build_array(jsonb_build_object('period', q.period, 'whose', 'programme')))))
    ) version
    JOIN (
        SELECT programme_version, reasons, amount_minor, ended_at IS NOT NULL AS is_over,
               CASE WHEN cancelled_at IS NULL THEN refunded_minor ELSE amount_minor END AS back_minor
        FROM loyalty_purchase WHERE merchant_id = %(merchant)s
        UNION ALL
        SELECT programme_version, reasons, 1, cancelled_at IS NOT NULL, (cancelled_at IS NOT NULL)::integer
        FROM loyalty_happening WHERE merchant_id = %(merchant)s
    ) happened ON happened.programme_version = version.number
    CROSS JOIN LATERAL (
        SELECT (reason #>> '{trace,2}')::numeric AS units, (reason #>> '{trace,3}')::numeric AS times
        FROM jsonb_array_elements(happened.reasons) reason
        WHERE reason ->> 'rule' = q.rule AND reason ? 'trace'
    ) given
    CROSS JOIN LATERAL (SELECT given.units - div(given.units * back_minor, amount_minor) AS units) left_over
) g
WHERE coalesce(b.units, 0) NOT BETWEEN g.least_units AND g.most_units
   OR coalesce(b.times, 0) NOT BETWEEN g.least_times AND g.most_times
