-- Who was there before members were counted, in the order in which they joined. It is written for all merchants and behind
-- the guards, which stand again at the end of this same transaction.
ALTER TABLE members_member NO FORCE ROW LEVEL SECURITY;
ALTER TABLE loyalty_standing NO FORCE ROW LEVEL SECURITY;
ALTER TABLE loyalty_programme NO FORCE ROW LEVEL SECURITY;

UPDATE loyalty_standing s SET ordinal = counted.ordinal
FROM (SELECT merchant_id, id, row_number() OVER (PARTITION BY merchant_id ORDER BY joined_at, id) AS ordinal
      FROM members_member) counted
WHERE s.merchant_id = counted.merchant_id AND s.member_id = counted.id;

UPDATE loyalty_programme p SET joined = counted.members
FROM (SELECT merchant_id, count(*) AS members FROM members_member GROUP BY merchant_id) counted
WHERE p.merchant_id = counted.merchant_id;

ALTER TABLE loyalty_programme FORCE ROW LEVEL SECURITY;
ALTER TABLE loyalty_standing FORCE ROW LEVEL SECURITY;
ALTER TABLE members_member FORCE ROW LEVEL SECURITY;
