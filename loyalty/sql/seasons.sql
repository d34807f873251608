-- Shops that have tiers of a season already look at them today. It is written for all merchants and behind the guards, which
-- stand again at the end of this same transaction.
ALTER TABLE loyalty_programmeversion NO FORCE ROW LEVEL SECURITY;
ALTER TABLE loyalty_programme NO FORCE ROW LEVEL SECURITY;

UPDATE loyalty_programme p SET season_on = current_date
FROM loyalty_programmeversion v
WHERE v.merchant_id = p.merchant_id AND v.number = p.version AND jsonb_path_exists(v.definition, '$.tiers[*].season');

ALTER TABLE loyalty_programme FORCE ROW LEVEL SECURITY;
ALTER TABLE loyalty_programmeversion FORCE ROW LEVEL SECURITY;
