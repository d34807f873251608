-- Years of purchases in bulk, as they would be in the books: functions for the administrator's session, triggers off.
-- Rows of a merchant are written in the order of time. Nothing here is guarded; prove() reads the outcome.

-- Another merchant with the programme, the place and the first members of a first one. Its keys begin with its own id.
CREATE FUNCTION pg_temp.open_branch(p_first uuid, p_number integer, p_members integer) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    v_id    uuid := gen_random_uuid();
    v_own   jsonb := jsonb_build_object('merchant_id', v_id);
    v_table text;
BEGIN
    INSERT INTO merchants_merchant SELECT new.* FROM merchants_merchant m, jsonb_populate_record(m, jsonb_build_object(
        'id', v_id, 'number', m.number + 1000000 + p_number, 'slug', 'branch-' || p_number)) new WHERE m.id = p_first;
    FOREACH v_table IN ARRAY '{merchants_location,loyalty_unit,loyalty_programme,loyalty_programmeversion,loyalty_tier}'::text[] LOOP
        EXECUTE format('INSERT INTO %1$I SELECT new.* FROM %1$I t, jsonb_populate_record(t, $2) new WHERE t.merchant_id = $1',
                       v_table) USING p_first, v_own;
    END LOOP;
    INSERT INTO members_member SELECT new.* FROM members_member m, jsonb_populate_record(m, v_own) new
    WHERE m.merchant_id = p_first
      AND m.id IN (SELECT id FROM members_member WHERE merchant_id = p_first ORDER BY id LIMIT p_members);
    FOREACH v_table IN ARRAY '{members_card,loyalty_standing}'::text[] LOOP
        EXECUTE format('INSERT INTO %1$I SELECT new.* FROM %1$I t, jsonb_populate_record(t, $2) new WHERE t.merchant_id = $1
                        AND t.member_id IN (SELECT id FROM members_member WHERE merchant_id = new.merchant_id)',
                       v_table) USING p_first, v_own;
    END LOOP;
    INSERT INTO ledger_account (merchant_id, id, member_id, unit_id)
    SELECT v_id, a.id, a.member_id, a.unit_id FROM ledger_account a JOIN members_member m ON m.merchant_id = v_id AND m.id = a.member_id
    WHERE a.merchant_id = p_first;
    RETURN v_id;
END $$;

-- So many visits of every member: a purchase each, with its answer, its award and, an hour later, the spending of what it
-- gave. The units of the last visit are still there, and it lifts its member to the last tier. The answer: movements made.
CREATE FUNCTION pg_temp.live(p_merchant uuid, p_visits integer, p_answer text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_unit uuid; v_rule uuid; v_place uuid; v_tier uuid; v_top bigint; v_version integer;
BEGIN
    SELECT id, threshold_minor / 100 INTO v_tier, v_top FROM loyalty_tier WHERE merchant_id = p_merchant
    ORDER BY threshold_minor DESC LIMIT 1;
    SELECT id INTO v_place FROM merchants_location WHERE merchant_id = p_merchant LIMIT 1;
    SELECT version INTO v_version FROM loyalty_programme WHERE merchant_id = p_merchant;
    SELECT rule->>'id', rule->>'unit' INTO v_rule, v_unit
    FROM loyalty_programmeversion v, jsonb_array_elements(v.definition->'rules') rule
    WHERE v.merchant_id = p_merchant AND v.number = v_version AND rule->>'trigger' = 'purchase' LIMIT 1;
    CREATE TEMP TABLE visit ON COMMIT DROP AS
    SELECT uuidv7(at - now()) AS purchase, uuidv7(at - now()) AS key, uuidv7(at - now()) AS award, uuidv7(at - now()) AS lot,
           uuidv7(at + interval '1 hour' - now()) AS spend, account, member, before, first_seq + 2 * n - 1 AS seq,
           CASE WHEN n = p_visits THEN v_top ELSE 2 + mod(7 * n + 5 * who, 38) END AS euros, n < p_visits AS is_spent, at
    FROM (SELECT a.id AS account, a.member_id AS member, a.available AS before, a.last_seq AS first_seq, who, n,
                 now() - interval '540 days' * (1 - n::float / (p_visits + 1)) - interval '17 seconds' * who AS at
          FROM (SELECT *, row_number() OVER (ORDER BY md5(id::text)) AS who FROM ledger_account
                WHERE merchant_id = p_merchant AND unit_id = v_unit) a, generate_series(1, p_visits) n
          ORDER BY at) visits;
    INSERT INTO core_answer (merchant_id, key, fingerprint, status, body, member_id, recorded_at)
    SELECT p_merchant, key, '\x00112233445566778899aabbccddeeff', 201, p_answer, member, at FROM visit;
    INSERT INTO loyalty_purchase (merchant_id, id, member_id, location_id, amount_minor, currency, reference, items, channel,
                                  programme_version, awarded, reasons, tier_id, occurred_at, recorded_at)
    SELECT p_merchant, purchase, member, v_place, euros * 100, 'EUR', '', '[]', 'api', v_version, euros,
           jsonb_build_array(pg_temp.why(v_rule, v_unit, euros)), v_tier, at, at FROM visit;
    INSERT INTO ledger_lot (merchant_id, id, account_id, entry_id, seq, granted, available, spent, expires_at)
    SELECT p_merchant, lot, account, award, seq, euros, CASE WHEN is_spent THEN 0 ELSE euros END,
           CASE WHEN is_spent THEN euros ELSE 0 END, at + interval '3 years' FROM visit;
    INSERT INTO ledger_entry (merchant_id, id, account_id, kind, outcome, amount, available_after, last_seq, fingerprint,
                              reasons, cause_id, occurred_at, recorded_at)
    SELECT p_merchant, award, account, 'award', 'posted', euros, before + euros, seq, '\x00112233445566778899aabbccddeeff'::bytea,
           pg_temp.why(v_rule, v_unit, euros), purchase, at, at FROM visit
    UNION ALL
    SELECT p_merchant, spend, account, 'spend', 'posted', euros, before, seq + 1, '\x00112233445566778899aabbccddeeff'::bytea,
           '{"code": "bench"}'::jsonb, NULL::uuid, at + interval '1 hour', at + interval '1 hour' FROM visit WHERE is_spent;
    INSERT INTO ledger_movement (merchant_id, account_id, seq, entry_id, lot_id, source, target, amount)
    SELECT p_merchant, account, seq, award, lot, 'issuing'::ledger_bucket, 'available'::ledger_bucket, euros FROM visit
    UNION ALL
    SELECT p_merchant, account, seq + 1, spend, lot, 'available', 'spent', euros FROM visit WHERE is_spent;
    UPDATE ledger_account SET available = available + v_top, last_seq = last_seq + 2 * p_visits - 1
    WHERE merchant_id = p_merchant AND unit_id = v_unit;
    UPDATE loyalty_standing s SET tier_id = v_tier, progress_minor = spent, purchases = p_visits, version = p_visits, last_purchase_at = newest
    FROM (SELECT member, sum(euros) * 100 AS spent, max(at) AS newest FROM visit GROUP BY member) v
    WHERE s.merchant_id = p_merchant AND s.member_id = v.member;
    RETURN (SELECT count(*) + count(*) FILTER (WHERE is_spent) FROM visit);
END $$;

CREATE FUNCTION pg_temp.why(p_rule uuid, p_unit uuid, p_units bigint) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('code', 'per_amount', 'rule', p_rule, 'unit', p_unit, 'units', p_units, 'base', p_units,
                              'spent_minor', p_units * 100, 'multiplier_percent', 100, 'tier', '')
$$;
