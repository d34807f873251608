-- The two statements of a purchase, with the tags of its member, the progress that the ladder in force counts and the day on
-- which the tier is looked at again. What they do otherwise is said in `remembering.sql` and `carrying.sql`.

DROP FUNCTION loyalty_read_scan;
CREATE FUNCTION loyalty_read_scan(
    p_merchant uuid, p_secret_hash bytea, p_key uuid,
    p_member uuid, p_serial bigint, p_spoken text, p_phone text, p_location uuid,
    p_day date, p_zone text, -- the shop's: what is bought on that day
    p_periods text,          -- names of the periods in which the moment lies, with commas: whose budgets to tell
    OUT key_id uuid, OUT key_scopes text[], OUT key_revoked boolean,
    OUT known_fingerprint bytea, OUT known_status smallint, OUT known_body text,
    OUT member_id uuid, OUT member_name text,
    OUT card_id uuid, OUT card_generation smallint, OUT card_last_step bigint,
    OUT programme_version integer, OUT due_version integer, OUT budgets jsonb,
    OUT tier_id uuid, OUT progress_minor bigint, OUT climbed bigint, OUT review_on date, OUT purchases integer, OUT standing_version integer,
    OUT last_purchase_at timestamptz, OUT counted_on date, OUT counted integer, OUT counted_static integer,
    OUT visits integer, OUT memory jsonb, OUT ordinal integer, OUT joined_at timestamptz, OUT birthday date, OUT tags jsonb,
    OUT accounts jsonb, OUT location_known boolean
) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_before  text := coalesce(current_setting('app.merchant_id', true), '');
    v_into    uuid;
    v_climbing text;
    v_window  text;
    v_unit    text;
    v_scope   text;  -- an assignment costs a tenth of a PERFORM, which is a query
BEGIN
    v_scope := set_config('app.merchant_id', p_merchant::text, true);
    IF p_secret_hash IS NOT NULL THEN
        SELECT k.id, k.scopes, k.revoked_at IS NOT NULL INTO key_id, key_scopes, key_revoked
        FROM merchants_apikey k WHERE k.merchant_id = p_merchant AND k.secret_hash = p_secret_hash;
    END IF;
    IF p_member IS NOT NULL THEN
        member_id := p_member;
    ELSIF p_serial IS NOT NULL THEN
        SELECT c.member_id, c.id, c.generation, c.last_step INTO member_id, card_id, card_generation, card_last_step
        FROM members_card c WHERE c.merchant_id = p_merchant AND c.serial = p_serial;
    ELSIF p_spoken IS NOT NULL THEN
        SELECT c.member_id INTO member_id
        FROM members_card c WHERE c.merchant_id = p_merchant AND c.spoken_code = p_spoken;
    ELSE
        SELECT m.id INTO member_id FROM members_member m WHERE m.merchant_id = p_merchant AND m.phone = p_phone
          AND m.phone <> '';
    END IF;
    -- What all members together had of each rule in these periods: rows of the rules that have such a limit, few or none.
    SELECT p.version, CASE WHEN p.next_at <= now() THEN p.next_version END,
           p.ladder_climbing, p.ladder_window,
           (SELECT jsonb_agg(jsonb_build_array(b.rule, b.period, b.units, b.times)) FROM loyalty_budget b
            WHERE b.merchant_id = p_merchant AND b.period = ANY (string_to_array(p_periods, ',')))
    INTO programme_version, due_version, v_climbing, v_window, budgets
    FROM loyalty_programme p WHERE p.merchant_id = p_merchant;
    LOOP  -- whom it was merged into, if it was: one step, for there are no chains
        -- Both rows in one statement: whoever merges or erases changes both, and what is written later asks for this version.
        SELECT m.id, m.name, m.merged_into_id, s.tier_id, s.progress_minor, s.review_on, s.purchases, s.version,
               s.last_purchase_at, s.counted_on, s.counted, s.counted_static, s.visits, s.memory, s.ordinal,
               m.joined_at, m.birthday, m.tags
        INTO member_id, member_name, v_into, tier_id, progress_minor, review_on, purchases, standing_version,
             last_purchase_at, counted_on, counted, counted_static, visits, memory, ordinal, joined_at, birthday, tags
        FROM members_member m
        LEFT JOIN loyalty_standing s ON s.merchant_id = p_merchant AND s.member_id = m.id
        WHERE m.merchant_id = p_merchant AND m.id = loyalty_read_scan.member_id AND m.erased_at IS NULL;
        EXIT WHEN v_into IS NULL;
        member_id := v_into;
    END LOOP;
    -- After the standing: whatever is added or taken meanwhile moves its version.
    IF v_climbing = 'spend' AND v_window = 'lifetime' THEN
        climbed := progress_minor;
    ELSIF v_climbing = 'visits' AND v_window = 'lifetime' THEN
        climbed := purchases + visits;
    ELSIF member_id IS NOT NULL THEN
        SELECT u.id::text INTO v_unit FROM loyalty_unit u WHERE u.merchant_id = p_merchant ORDER BY u.position LIMIT 1;
        SELECT found.progress INTO climbed FROM loyalty_progress(
            p_merchant, ARRAY[member_id], ARRAY[p_day], v_climbing, v_window, v_unit, p_zone) found;
    END IF;
    SELECT jsonb_agg(jsonb_build_object(
        'unit', a.unit_id, 'account', a.id, 'available', a.available - coalesce(l.dead, 0), 'pending', a.pending,
        'held', a.held, 'debt', a.debt, 'dead', coalesce(l.dead, 0), 'seq', a.last_seq, 'expiring', l.expiring))
    INTO accounts
    FROM ledger_account a
    -- What has died is told as gone, though no sweep has been by yet.
    LEFT JOIN LATERAL (
        SELECT sum(e.units) FILTER (WHERE e.expires_at <= now()) AS dead,
               jsonb_path_query_array(jsonb_agg(jsonb_build_array(e.expires_at, e.units) ORDER BY e.expires_at)
                   FILTER (WHERE e.expires_at > now()), '$[0 to 2]') AS expiring
        FROM (
            SELECT lot.expires_at, sum(lot.available) AS units FROM ledger_lot lot
            WHERE lot.merchant_id = p_merchant AND lot.account_id = a.id AND lot.is_open AND lot.expires_at IS NOT NULL
              AND lot.available > 0
            GROUP BY lot.expires_at) e) l ON true
    WHERE a.merchant_id = p_merchant AND a.member_id = loyalty_read_scan.member_id;
    -- Last, for each query here sees what was committed before it: whoever sees the card used by this very key must
    -- see the answer too, or a repetition at the same instant would be told that its card was used.
    IF p_key IS NOT NULL THEN
        SELECT a.fingerprint, a.status, a.body INTO known_fingerprint, known_status, known_body
        FROM core_answer a WHERE a.merchant_id = p_merchant AND a.key = p_key;
    END IF;
    location_known := p_location IS NULL OR EXISTS (
        SELECT FROM merchants_location l
        WHERE l.merchant_id = p_merchant AND l.id = p_location AND l.closed_at IS NULL);
    v_scope := set_config('app.merchant_id', v_before, true);
END $$;

DROP FUNCTION loyalty_record_purchase;
DROP FUNCTION loyalty_write_purchase;
-- All of it but the budgets. For `loyalty_record_purchase` alone.
CREATE FUNCTION loyalty_write_purchase(
    p_merchant uuid, p_key uuid, p_fingerprint bytea, p_status smallint, p_body text,
    p_purchase uuid, p_member uuid, p_location uuid, p_channel text, p_actor uuid,
    p_amount bigint, p_currency text, p_reference text, p_items jsonb, p_occurred_at timestamptz,
    p_programme_version integer, p_awarded bigint, p_reasons jsonb,
    p_tier uuid, p_progress bigint, p_standing_version integer,
    p_seqs jsonb,            -- {account: last_seq}, of every account that the judgement or its answer told of
    p_awards jsonb,          -- [{entry, account, seq, lot, amount, expires_at, event, reasons, pending, vests_at}], in account order
    p_card uuid, p_step bigint,
    p_event uuid,            -- of `purchase.recorded`
    p_tier_event uuid,       -- of `tier.reached`; NULL when none is
    p_day date,              -- the shop's, for limits a day
    p_is_static boolean,     -- whether a static code named the member
    p_bill jsonb,            -- what of the amount is what, and how it was paid
    p_memory jsonb,          -- {rule: what to remember of it from now on}, of the rules whose memory is another now
    p_review_on date         -- when the tier is looked at again, where it is another now
) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_before  text := coalesce(current_setting('app.merchant_id', true), '');
    v_scope   text;  -- an assignment costs a tenth of a PERFORM, which is a query
    v_written boolean;
    v_award   jsonb;
    v_answer  ledger_answer;
BEGIN
    v_scope := set_config('app.merchant_id', p_merchant::text, true);
    v_written := ledger_lock(p_merchant, p_member, p_seqs);
    IF p_card IS NOT NULL AND v_written THEN
        v_written := EXISTS (SELECT FROM members_card c
                             WHERE c.merchant_id = p_merchant AND c.id = p_card AND c.last_step < p_step);
    END IF;
    IF v_written THEN
        -- Publishing a programme lifts standings and takes tiers away without the account's lock: the version says so.
        UPDATE loyalty_standing s
        SET tier_id = p_tier, progress_minor = p_progress,
            tier_since = CASE WHEN s.tier_id IS NOT DISTINCT FROM p_tier THEN s.tier_since ELSE p_day END,
            review_on = CASE WHEN s.tier_id IS NOT DISTINCT FROM p_tier THEN s.review_on ELSE p_review_on END,
            warned_for = CASE WHEN s.tier_id IS NOT DISTINCT FROM p_tier THEN s.warned_for END,
            purchases = s.purchases + 1, version = s.version + 1,
            last_purchase_at = greatest(s.last_purchase_at, p_occurred_at),
            memory = CASE WHEN p_memory = '{}' THEN s.memory ELSE s.memory || p_memory END,
            counted_on = greatest(s.counted_on, p_day),
            -- Of an earlier day than the newest nothing is counted; NULL is before the first purchase.
            counted = CASE WHEN p_day = s.counted_on THEN s.counted + 1
                           WHEN p_day < s.counted_on THEN s.counted ELSE 1 END,
            counted_static = CASE WHEN p_day = s.counted_on THEN s.counted_static + p_is_static::int
                                  WHEN p_day < s.counted_on THEN s.counted_static ELSE p_is_static::int END
        WHERE s.merchant_id = p_merchant AND s.member_id = p_member AND s.version = p_standing_version
          AND (p_tier IS NULL OR EXISTS (
              SELECT FROM loyalty_tier t WHERE t.merchant_id = p_merchant AND t.id = p_tier));
        v_written := FOUND;
    END IF;
    IF NOT v_written THEN
        v_scope := set_config('app.merchant_id', v_before, true);
        RETURN false;
    END IF;
    IF p_card IS NOT NULL THEN
        UPDATE members_card SET last_step = p_step WHERE merchant_id = p_merchant AND id = p_card;
    END IF;
    -- A key that is there already is refused by the answer's primary key. It is another member's: any purchase of this
    -- member would have moved the standing.
    WITH answer AS (
        INSERT INTO core_answer (merchant_id, key, fingerprint, status, body, member_id, recorded_at)
        VALUES (p_merchant, p_key, p_fingerprint, p_status, p_body, p_member, now())
    ), event AS (
        INSERT INTO core_event (merchant_id, id, name, payload, recorded_at, due_at, attempts, done, last_error)
        SELECT p_merchant, e.id, e.name, e.payload, now(), now(), 0, '{}', ''
        FROM (VALUES
            (p_event, 'purchase.recorded', jsonb_build_object(
                'purchase', p_purchase, 'member', p_member, 'location', p_location, 'amount_minor', p_amount,
                'awarded', p_awarded, 'occurred_at', p_occurred_at)),
            (p_tier_event, 'tier.reached', jsonb_build_object(
                'member', p_member, 'tier', p_tier, 'purchase', p_purchase))
        ) e (id, name, payload)
        WHERE e.id IS NOT NULL
    )
    INSERT INTO loyalty_purchase (
        merchant_id, id, member_id, location_id, amount_minor, currency, reference, items, channel, actor_id,
        programme_version, awarded, reasons, tier_id, occurred_at, recorded_at, bill)
    VALUES (p_merchant, p_purchase, p_member, p_location, p_amount, p_currency, p_reference, p_items, p_channel,
            p_actor, p_programme_version, p_awarded, p_reasons, p_tier, p_occurred_at, now(),
            p_bill);
    FOR i IN 0 .. jsonb_array_length(p_awards) - 1 LOOP
        v_award := p_awards->i;
        IF NOT p_seqs ? (v_award->>'account') THEN
            RAISE EXCEPTION 'purchase: an award to an account that was not judged'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        v_answer := ledger_issue(
            p_merchant, (v_award->>'entry')::uuid, (v_award->>'account')::uuid, (v_award->>'seq')::bigint,
            p_fingerprint, (v_award->>'lot')::uuid, (v_award->>'amount')::bigint,
            (v_award->>'expires_at')::timestamptz, v_award->'reasons', p_purchase, p_actor, p_occurred_at,
            (v_award->>'event')::uuid, (v_award->>'pending')::boolean, (v_award->>'vests_at')::timestamptz);
    END LOOP;
    v_scope := set_config('app.merchant_id', v_before, true);
    RETURN true;
END $$;

-- The door. What is of all members together is taken last, so that a row which every till wants is held for no longer than
-- it takes to commit. Where somebody else took it meanwhile, everything is undone: the savepoint that this needs is made for
-- those purchases alone.
CREATE FUNCTION loyalty_record_purchase(
    p_merchant uuid, p_key uuid, p_fingerprint bytea, p_status smallint, p_body text,
    p_purchase uuid, p_member uuid, p_location uuid, p_channel text, p_actor uuid,
    p_amount bigint, p_currency text, p_reference text, p_items jsonb, p_occurred_at timestamptz,
    p_programme_version integer, p_awarded bigint, p_reasons jsonb,
    p_tier uuid, p_progress bigint, p_standing_version integer,
    p_seqs jsonb,            -- {account: last_seq}, of every account that the judgement or its answer told of
    p_awards jsonb,          -- [{entry, account, seq, lot, amount, expires_at, event, reasons, pending, vests_at}], in account order
    p_card uuid, p_step bigint,
    p_event uuid,            -- of `purchase.recorded`
    p_tier_event uuid,       -- of `tier.reached`; NULL when none is
    p_day date,              -- the shop's, for limits a day
    p_is_static boolean,     -- whether a static code named the member
    p_bill jsonb,            -- what of the amount is what, and how it was paid
    p_memory jsonb,          -- {rule: what to remember of it}, of the rules whose memory is another now
    p_budgets jsonb,         -- as `loyalty_take_budgets` has it
    p_review_on date,        -- when the tier is looked at again, where it is another now
    p_carried jsonb          -- {account: until when its units live now}, where a visit lets them live longer
) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_before text := coalesce(current_setting('app.merchant_id', true), '');
    v_scope  text;
BEGIN
    IF p_budgets = '[]' THEN
        RETURN loyalty_write_purchase(
            p_merchant, p_key, p_fingerprint, p_status, p_body, p_purchase, p_member, p_location, p_channel, p_actor,
            p_amount, p_currency, p_reference, p_items, p_occurred_at, p_programme_version, p_awarded, p_reasons, p_tier,
            p_progress, p_standing_version, p_seqs, p_awards, p_card, p_step, p_event, p_tier_event, p_day, p_is_static,
            p_bill, p_memory, p_review_on) AND loyalty_carry(p_merchant, p_occurred_at, p_carried);
    END IF;
    BEGIN
        IF NOT (loyalty_write_purchase(
                p_merchant, p_key, p_fingerprint, p_status, p_body, p_purchase, p_member, p_location, p_channel, p_actor,
                p_amount, p_currency, p_reference, p_items, p_occurred_at, p_programme_version, p_awarded, p_reasons, p_tier,
                p_progress, p_standing_version, p_seqs, p_awards, p_card, p_step, p_event, p_tier_event, p_day, p_is_static,
                p_bill, p_memory, p_review_on) AND loyalty_carry(p_merchant, p_occurred_at, p_carried)) THEN
            RETURN false;
        END IF;
        v_scope := set_config('app.merchant_id', p_merchant::text, true);
        IF NOT loyalty_take_budgets(p_merchant, p_budgets) THEN
            RAISE EXCEPTION 'purchase: a budget is used up' USING ERRCODE = 'HB001';
        END IF;
        v_scope := set_config('app.merchant_id', v_before, true);
    EXCEPTION WHEN SQLSTATE 'HB001' THEN
        RETURN false;
    END;
    RETURN true;
END $$;
