-- A taken reward is handed over, in two trips as a purchase is recorded: one reads what the answer tells, one locks, looks
-- again, moves the books and the redemption, tells of it and keeps the answer. Each brings its own scope. Nothing has changed
-- where `outcome` is not 'captured'.
--
-- Locks, in the order of all who touch rewards: the member's accounts and standing, the redemption, the key of the answer.
-- The stock is not touched: what is handed over was taken out of it before.
CREATE FUNCTION rewards_capture(
    p_merchant uuid, p_secret_hash bytea, p_scope text,  -- of an API key, and what it must be allowed; NULL for others
    p_key uuid, p_asked bytea,       -- under which the answer is kept, and what was asked; NULL where somebody else keeps it
    p_redemption uuid, p_location uuid, p_purchase uuid, p_actor uuid,
    p_entry uuid, p_fingerprint bytea,  -- of the books
    p_event uuid, p_at timestamptz, p_tries integer,
    p_body text,                     -- the answer; NULL: it follows in the same transaction
    p_expected jsonb,                -- {member, name, accounts} after it, as the answer tells them; else nothing is done: 'moved'
    OUT outcome text, OUT key_id uuid,
    OUT known_fingerprint bytea, OUT known_status smallint, OUT known_body text,
    OUT member_id uuid, OUT member_name text, OUT unit text, OUT accounts jsonb, OUT redemption jsonb
) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_before  text := coalesce(current_setting('app.merchant_id', true), '');
    v_scope   text;
    v_now     timestamptz := greatest(p_at, now());
    v_taken   rewards_redemption;
    v_account ledger_account;
    v_posted  ledger_answer;
    v_actor   uuid;
BEGIN
    v_scope := set_config('app.merchant_id', p_merchant::text, true);
    SELECT r.* INTO outcome, key_id, known_fingerprint, known_status, known_body, member_id, member_name, unit, accounts,
                    redemption
    FROM rewards_read_capture(p_merchant, p_secret_hash, p_scope, p_key, p_redemption, p_location, p_purchase, p_at, p_tries) r;
    IF outcome IS NULL AND known_fingerprint IS NULL AND p_key IS NOT NULL THEN
        -- The key is ours from here on, or somebody's who asks something else: then what was asked is told apart.
        INSERT INTO core_answer (merchant_id, key, fingerprint, status, body, member_id, recorded_at)
        VALUES (p_merchant, p_key, p_asked, 201, coalesce(p_body, ''), member_id, now()) ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            SELECT a.fingerprint, a.status, a.body INTO known_fingerprint, known_status, known_body
            FROM core_answer a WHERE a.merchant_id = p_merchant AND a.key = p_key;
        END IF;
    END IF;
    IF outcome IS NOT NULL OR known_fingerprint IS NOT NULL THEN
        v_scope := set_config('app.merchant_id', v_before, true);
        RETURN;
    END IF;
    v_actor := coalesce(key_id, p_actor);
    SELECT * INTO v_taken FROM rewards_redemption d WHERE d.merchant_id = p_merchant AND d.id = p_redemption;
    IF v_taken.cost > 0 THEN
        v_posted := ledger_end_hold(
            p_merchant, p_entry, (SELECT h.account_id FROM ledger_hold h WHERE h.merchant_id = p_merchant AND h.id = p_redemption),
            p_fingerprint, p_redemption, 'capture',
            jsonb_build_object('code', 'reward', 'reward', v_taken.reward_id, 'names', v_taken.what->'names'),
            v_actor, v_now, p_purchase);
        IF v_posted.outcome = 'hold_closed' THEN  -- as we waited its time ran out, and a sweep has been by in the books
            RAISE EXCEPTION 'redemption: the books let go of it' USING ERRCODE = 'HB004';
        ELSIF v_posted.outcome <> 'posted' THEN
            RAISE EXCEPTION 'redemption: the books say %', v_posted.outcome USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    UPDATE rewards_redemption d
    SET status = 'captured', closed_at = p_at, closed_by = v_actor, captured_at = p_at, captured_by = v_actor,
        location_id = p_location, purchase_id = p_purchase
    WHERE d.merchant_id = p_merchant AND d.id = p_redemption
    RETURNING to_jsonb(d) INTO redemption;
    INSERT INTO core_event (merchant_id, id, name, payload, recorded_at, due_at, attempts, done, last_error)
    VALUES (p_merchant, p_event, 'reward.captured', jsonb_build_object(
                'redemption', p_redemption, 'reward', v_taken.reward_id, 'member', v_taken.member_id, 'cost', v_taken.cost,
                'purchase', p_purchase, 'location', p_location, 'actor', v_actor),
            now(), now(), 0, '{}', '');
    accounts := loyalty_accounts_at(p_merchant, member_id, v_now);
    IF p_expected <> jsonb_build_object('member', member_id, 'name', member_name, 'accounts', accounts) THEN
        RAISE EXCEPTION 'redemption: something moved' USING ERRCODE = 'HB003';
    END IF;
    outcome := 'captured';
    v_scope := set_config('app.merchant_id', v_before, true);
EXCEPTION WHEN SQLSTATE 'HB003' OR SQLSTATE 'HB004' THEN
    outcome := CASE SQLSTATE WHEN 'HB003' THEN 'moved' ELSE 'ran_out' END;
    v_scope := set_config('app.merchant_id', v_before, true);
END $$;

-- What there is to know before it: the key's proof and earlier answer, why it cannot be (`outcome`; NULL if it can), whose it
-- is, and what that member has. With `p_tries` the member and the redemption are locked first, else nothing is.
CREATE FUNCTION rewards_read_capture(
    p_merchant uuid, p_secret_hash bytea, p_scope text, p_key uuid, p_redemption uuid, p_location uuid, p_purchase uuid,
    p_at timestamptz, p_tries integer,
    OUT outcome text, OUT key_id uuid,
    OUT known_fingerprint bytea, OUT known_status smallint, OUT known_body text,
    OUT member_id uuid, OUT member_name text, OUT unit text, OUT accounts jsonb, OUT redemption jsonb
) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_before text := coalesce(current_setting('app.merchant_id', true), '');
    v_scope  text;
    v_scopes text[];
    v_taken  rewards_redemption;
    v_holder uuid;
BEGIN
    v_scope := set_config('app.merchant_id', p_merchant::text, true);
    IF p_secret_hash IS NOT NULL THEN
        SELECT k.id, k.scopes INTO key_id, v_scopes FROM merchants_apikey k
        WHERE k.merchant_id = p_merchant AND k.secret_hash = p_secret_hash AND k.revoked_at IS NULL;
        outcome := CASE WHEN key_id IS NULL THEN 'key_refused' WHEN p_scope <> ALL (v_scopes) THEN 'not_allowed' END;
    END IF;
    IF outcome IS NULL THEN
        SELECT * INTO v_taken FROM rewards_redemption d WHERE d.merchant_id = p_merchant AND d.id = p_redemption;
        IF v_taken.id IS NOT NULL THEN
            member_id := CASE WHEN p_tries > 0 THEN loyalty_lock_member(p_merchant, v_taken.member_id, p_tries)
                              ELSE loyalty_survivor(p_merchant, v_taken.member_id) END;
        END IF;
        IF p_tries > 0 THEN
            SELECT * INTO v_taken FROM rewards_redemption d WHERE d.merchant_id = p_merchant AND d.id = p_redemption FOR UPDATE;
        END IF;
        -- After the lock: whoever asked the same a moment ago has answered by now.
        SELECT a.fingerprint, a.status, a.body INTO known_fingerprint, known_status, known_body
        FROM core_answer a WHERE a.merchant_id = p_merchant AND a.key = p_key;
        outcome := CASE WHEN known_fingerprint IS NOT NULL THEN NULL WHEN v_taken.id IS NULL THEN 'redemption_not_found'
                        WHEN member_id IS NULL THEN 'busy' END;
    END IF;
    IF outcome IS NULL AND known_fingerprint IS NULL THEN
        redemption := to_jsonb(v_taken);
        SELECT a.member_id INTO v_holder FROM ledger_hold h
        JOIN ledger_account a ON a.merchant_id = p_merchant AND a.id = h.account_id
        WHERE h.merchant_id = p_merchant AND h.id = p_redemption;
        outcome := rewards_why_not(p_merchant, v_taken, CASE WHEN v_holder IS NULL THEN loyalty_ids_of(p_merchant, member_id)
                                                             ELSE ARRAY[v_holder] END, p_location, p_purchase,
                                   greatest(p_at, now()));
        SELECT m.name INTO member_name FROM members_member m WHERE m.merchant_id = p_merchant AND m.id = member_id;
        SELECT u.code INTO unit FROM loyalty_unit u WHERE u.merchant_id = p_merchant AND u.id = v_taken.unit_id;
        accounts := loyalty_accounts_at(p_merchant, member_id, greatest(p_at, now()));
    END IF;
    v_scope := set_config('app.merchant_id', v_before, true);
END $$;

-- Why it cannot be handed over; NULL if it can. `p_holders`: whose purchase it may be used on. That is the member in whose account
-- its units are, as a purchase gives back what was used in its own member's; of what cost none, all who are one today.
CREATE FUNCTION rewards_why_not(
    p_merchant uuid, p_taken rewards_redemption, p_holders uuid[], p_location uuid, p_purchase uuid, p_now timestamptz
) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_bought loyalty_purchase;
BEGIN
    IF p_location IS NOT NULL AND NOT EXISTS (
        SELECT FROM merchants_location l WHERE l.merchant_id = p_merchant AND l.id = p_location AND l.closed_at IS NULL
    ) THEN
        RETURN 'location_not_found';
    END IF;
    IF p_purchase IS NOT NULL THEN
        SELECT * INTO v_bought FROM loyalty_purchase b WHERE b.merchant_id = p_merchant AND b.id = p_purchase;
        IF NOT FOUND THEN
            RETURN 'purchase_not_found';
        END IF;
    END IF;
    IF p_taken.status <> 'held' OR p_taken.held_until <= p_now OR EXISTS (  -- whoever has left leaves nothing to use
        SELECT FROM members_member m
        WHERE m.merchant_id = p_merchant AND m.id = p_taken.member_id AND m.erased_at IS NOT NULL
    ) THEN
        RETURN 'redemption_closed';
    END IF;
    IF EXISTS (
        SELECT FROM jsonb_array_elements(p_taken.what->'conditions') c
        WHERE c->>'kind' = 'location' AND NOT coalesce(c->'any' ? p_location::text, false)
    ) THEN
        RETURN CASE WHEN p_location IS NULL THEN 'location_needed' ELSE 'reward_elsewhere' END;
    END IF;
    IF v_bought.id IS NOT NULL AND (
        v_bought.member_id <> ALL (p_holders) OR v_bought.ended_at IS NOT NULL OR v_bought.refunded_minor > 0
    ) THEN
        RETURN 'purchase_not_open';
    END IF;
    RETURN NULL;
END $$;

-- As before. With the handing over, the purchase on which it was used is written too; with the giving back, why.
CREATE OR REPLACE FUNCTION rewards_keep_redemption() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_free text[] := '{status,closed_at,closed_by}';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.status = 'held' AND NEW.status = 'captured' THEN
            v_free := v_free || '{captured_at,captured_by,location_id,purchase_id}';
        ELSIF OLD.status = 'captured' THEN
            v_free := v_free || '{void_reason}';
        END IF;
        IF to_jsonb(NEW) - v_free = to_jsonb(OLD) - v_free
           AND (OLD.status = 'held' AND NEW.status IN ('captured', 'released', 'expired')
                OR OLD.status = 'captured' AND NEW.status = 'voided') THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'redemption: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
