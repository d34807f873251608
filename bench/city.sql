-- A hundred thousand members of one merchant with cards, standings, purchases and books, as they would be after two years:
-- most came a few times, a tenth never, a third not for a month. As the superuser: row-level security is not asked, the
-- guards of the books are. Every lot is issued through them, and prove() reads it all.

CREATE FUNCTION pg_temp.id_at(p_moment timestamptz) RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM p_moment) * 1000)::bigint), 12, '0') || '7'
            || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid
$$;

SELECT setseed(0.5);

CREATE TEMP TABLE guest AS
SELECT n, pg_temp.id_at(joined_at) AS id, gen_random_uuid() AS account, joined_at,
       (ARRAY['Mia','Noah','Hélène','Léo','Anaïs','Hugo','Inès','Jules','Zoé','Adam','Lina','Paul','Rose','Malo','Alba',
              'Théo','Nour','Eva','Gabin','Iris'])[1 + mod(n, 20)] || ' '
       || (ARRAY['Martin','Bernard','Petit','Durand','Leroy','Moreau','Simon','Laurent','Michel','Garcia','Roux','Blanc',
                 'Faure','Girard','Bonnet','Mercier','Dupont'])[1 + mod(n, 17)] || ' ' || n AS name,
       '+3369' || lpad(n::text, 7, '0') AS phone,
       CASE WHEN mod(n, 10) = 0 THEN 0 WHEN mod(n, 97) = 0 THEN 12 ELSE 1 + mod(n, 3) END AS visits,
       CASE WHEN mod(n, 3) = 0 THEN 30 ELSE 0 END AS away  -- days since the newest visit, at least
FROM (SELECT n, now() - (interval '1 minute' + interval '730 days' * power(random(), 1.4)) AS joined_at
      FROM generate_series(1, %(members)s) n) somebody;

INSERT INTO members_member (merchant_id, id, name, phone, email, locale, search, joined_at, gave)
SELECT %(merchant)s, id, name, phone, '', 'fr',
       translate(lower(name), 'éèï', 'eei') || ' ' || phone || ' ', joined_at, '{}'
FROM guest ORDER BY id;

INSERT INTO members_card (merchant_id, id, member_id, serial, generation, spoken_code, last_step, created_at)
SELECT %(merchant)s, gen_random_uuid(), id, n, 1, lpad(upper(to_hex(n)), 6, 'X'), 0, joined_at FROM guest;

INSERT INTO ledger_account (merchant_id, id, member_id, unit_id)
SELECT %(merchant)s, account, id, %(unit)s FROM guest;

CREATE TEMP TABLE visit AS
SELECT pg_temp.id_at(occurred_at) AS id, gen_random_uuid() AS entry, gen_random_uuid() AS lot, member, account,
       euros, occurred_at,
       row_number() OVER w AS seq, sum(euros) OVER w AS progress
FROM (SELECT id AS member, account,
             (2 + mod(n * 7 + k * 5, 38)) * CASE WHEN mod(n, 8) = 0 THEN 10 ELSE 1 END AS euros,
             greatest(joined_at, now() - interval '2 minutes'
                      - (interval '1 day' * (away + 60 * power(random(), 2)) + interval '9 days' * (visits - k)))
             + interval '1 second' * k AS occurred_at
      FROM guest, generate_series(1, visits) k) coming
WINDOW w AS (PARTITION BY member ORDER BY occurred_at);

INSERT INTO loyalty_purchase (merchant_id, id, member_id, location_id, amount_minor, currency, reference, items, channel,
                              programme_version, awarded, reasons, tier_id, occurred_at, recorded_at)
SELECT %(merchant)s, id, member, %(location)s, euros * 100, 'EUR', '', '[]', 'seed', %(version)s, euros,
       jsonb_build_array(reason), NULL, occurred_at, occurred_at
FROM visit, jsonb_build_object('code', 'per_amount', 'rule', %(rule)s::text, 'unit', %(unit)s::text, 'units', euros,
                               'base', euros, 'spent_minor', euros * 100, 'multiplier_percent', 100, 'tier', '') reason
ORDER BY id;

INSERT INTO ledger_entry (merchant_id, id, account_id, kind, outcome, amount, available_after, last_seq, fingerprint,
                          reasons, cause_id, occurred_at)
SELECT %(merchant)s, entry, account, 'award', 'posted', euros, progress, seq, '', reasons->0, id, visit.occurred_at
FROM visit JOIN loyalty_purchase p USING (id) WHERE p.merchant_id = %(merchant)s;

INSERT INTO ledger_lot (merchant_id, id, account_id, entry_id, seq, granted, available)
SELECT %(merchant)s, lot, account, entry, seq, euros, euros FROM visit ORDER BY account, seq;

INSERT INTO loyalty_standing (merchant_id, id, member_id, tier_id, progress_minor, purchases, last_purchase_at, version)
SELECT %(merchant)s, gen_random_uuid(), g.id,
       (SELECT t.id FROM loyalty_tier t WHERE t.merchant_id = %(merchant)s AND t.threshold_minor <= coalesce(v.spent, 0)
        ORDER BY t.threshold_minor DESC LIMIT 1),
       coalesce(v.spent, 0), coalesce(v.visits, 0), v.newest, 0
FROM guest g
LEFT JOIN (SELECT member, sum(euros) * 100 AS spent, count(*) AS visits, max(occurred_at) AS newest
           FROM visit GROUP BY member) v ON v.member = g.id;

DROP TABLE guest, visit;
