-- Giving units: an award, a correction upwards, and the moment when what was promised vests.

-- A lot, for a caller that holds the lock: what is owed is repaid out of it first, unless it is still to vest.
CREATE FUNCTION ledger_birth(
    p_merchant uuid, p_account uuid, p_entry uuid, p_lot uuid, p_amount bigint, p_pending boolean,
    p_vests_at timestamptz, p_expires_at timestamptz, p_came_from uuid
) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF p_amount > 0 THEN
        INSERT INTO ledger_lot (merchant_id, id, account_id, entry_id, seq, granted, pending, available, repaid,
                                vests_at, expires_at, came_from)
        SELECT p_merchant, p_lot, p_account, p_entry, last_seq + 1, p_amount, CASE WHEN p_pending THEN p_amount ELSE 0 END,
               CASE WHEN p_pending THEN 0 ELSE p_amount - least(debt, p_amount) END,
               CASE WHEN p_pending THEN 0 ELSE least(debt, p_amount) END, p_vests_at, p_expires_at, p_came_from
        FROM ledger_account WHERE merchant_id = p_merchant AND id = p_account;
    END IF;
END $$;

-- The writing half of an award, for callers that hold the account's lock and know its `last_seq`: an entry, an event and
-- a lot, whose trigger moves its units. One statement, for every purchase pays for it. Safe without the lock too: two that
-- follow the same seq cannot both be.
DROP FUNCTION ledger_issue;
CREATE FUNCTION ledger_issue(
    p_merchant uuid, p_entry uuid, p_account uuid, p_seq bigint, p_fingerprint bytea, p_lot uuid, p_amount bigint,
    p_expires_at timestamptz, p_reasons jsonb, p_cause uuid, p_actor uuid, p_occurred_at timestamptz, p_event uuid,
    p_pending boolean, p_vests_at timestamptz
) RETURNS ledger_answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_after bigint;
    v_last  bigint;
BEGIN
    WITH account AS (  -- as it stands before: triggers come last
        SELECT available - debt AS before, CASE WHEN p_pending THEN 0 ELSE least(debt, p_amount) END AS repaid,
               CASE WHEN p_pending THEN p_amount ELSE 0 END AS pending, member_id, unit_id
        FROM ledger_account WHERE merchant_id = p_merchant AND id = p_account
    ), event AS (
        INSERT INTO core_event (merchant_id, id, name, payload, recorded_at, due_at, attempts, done, last_error)
        SELECT p_merchant, p_event, 'points.earned',
               jsonb_build_object('entry', p_entry, 'member', member_id, 'unit', unit_id, 'amount', p_amount,
                                  'cause', p_cause, 'occurred_at', p_occurred_at),
               now(), now(), 0, '{}', ''
        FROM account
    ), lot AS (
        INSERT INTO ledger_lot (merchant_id, id, account_id, entry_id, seq, granted, pending, available, repaid,
                                vests_at, expires_at)
        SELECT p_merchant, p_lot, p_account, p_entry, p_seq + 1, p_amount, pending, p_amount - pending - repaid, repaid,
               p_vests_at, p_expires_at
        FROM account
    )
    INSERT INTO ledger_entry (merchant_id, id, account_id, kind, outcome, amount, available_after, last_seq,
                              fingerprint, reasons, cause_id, actor_id, occurred_at)
    SELECT p_merchant, p_entry, p_account, 'award', 'posted', p_amount, before + p_amount - pending,
           CASE WHEN repaid > 0 AND repaid < p_amount THEN p_seq + 2 ELSE p_seq + 1 END,
           p_fingerprint, p_reasons, p_cause, p_actor, p_occurred_at
    FROM account
    RETURNING available_after, last_seq INTO v_after, v_last;
    RETURN ROW('posted', false, p_amount, v_after, v_last)::ledger_answer;
END $$;

-- Give units: a lot, into `available`, or into `pending` until a moment or a word (`p_pending` without `p_vests_at`).
DROP FUNCTION ledger_award;
CREATE FUNCTION ledger_award(
    p_merchant uuid, p_entry uuid, p_account uuid, p_fingerprint bytea, p_lot uuid, p_amount bigint,
    p_expires_at timestamptz, p_reasons jsonb, p_cause uuid, p_actor uuid, p_occurred_at timestamptz,
    p_event uuid, p_pending boolean, p_vests_at timestamptz, p_now timestamptz
) RETURNS ledger_answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_answer ledger_answer;
    v_seq    bigint;
BEGIN
    v_answer := ledger_begin(p_merchant, p_account, p_entry, p_fingerprint, greatest(p_now, now()));
    IF v_answer.outcome IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    SELECT last_seq INTO v_seq FROM ledger_account WHERE merchant_id = p_merchant AND id = p_account;
    RETURN ledger_issue(p_merchant, p_entry, p_account, v_seq, p_fingerprint, p_lot, p_amount, p_expires_at, p_reasons,
                        p_cause, p_actor, p_occurred_at, p_event, p_pending, p_vests_at);
END $$;

-- What an award promised is available now, before its time or for want of one. Nothing left to vest: declined.
CREATE FUNCTION ledger_vest(
    p_merchant uuid, p_entry uuid, p_account uuid, p_fingerprint bytea, p_award uuid, p_reasons jsonb, p_actor uuid,
    p_now timestamptz
) RETURNS ledger_answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_answer ledger_answer;
    v_award  ledger_entry;
    v_lot    record;
    v_vested bigint := 0;
BEGIN
    p_now := greatest(p_now, now());
    v_award := ledger_original(p_merchant, p_award, p_account, '{award}');
    v_answer := ledger_begin(p_merchant, p_account, p_entry, p_fingerprint, p_now);
    IF v_answer.outcome IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    FOR v_lot IN SELECT id, pending FROM ledger_lots_of(p_merchant, p_award, p_account) WHERE pending > 0 LOOP
        PERFORM ledger_come_back(p_merchant, p_account, p_entry, v_lot.id, 'pending', v_lot.pending);
        v_vested := v_vested + v_lot.pending;
    END LOOP;
    IF v_vested = 0 THEN
        RETURN ledger_close(p_merchant, p_account, p_entry, 'vest', 'nothing_pending', v_award.amount, p_fingerprint,
                            p_reasons, v_award.cause_id, p_award, p_actor, p_now, NULL);
    END IF;
    RETURN ledger_close(p_merchant, p_account, p_entry, 'vest', 'posted', v_vested, p_fingerprint, p_reasons,
                        v_award.cause_id, p_award, p_actor, p_now, NULL);
END $$;

-- A correction by hand: upwards a lot, downwards units out of `available`, or a decline.
CREATE FUNCTION ledger_adjust(
    p_merchant uuid, p_entry uuid, p_account uuid, p_fingerprint bytea, p_lot uuid, p_amount bigint,
    p_expires_at timestamptz, p_reasons jsonb, p_cause uuid, p_actor uuid, p_now timestamptz
) RETURNS ledger_answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_answer  ledger_answer;
    v_outcome text := 'posted';
BEGIN
    p_now := greatest(p_now, now());
    v_answer := ledger_begin(p_merchant, p_account, p_entry, p_fingerprint, p_now);
    IF v_answer.outcome IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    IF p_amount > 0 THEN
        PERFORM ledger_birth(p_merchant, p_account, p_entry, p_lot, p_amount, false, NULL, p_expires_at, NULL);
    ELSIF (SELECT available FROM ledger_account WHERE merchant_id = p_merchant AND id = p_account) < -p_amount THEN
        v_outcome := 'insufficient_units';
    ELSE
        PERFORM ledger_draw(p_merchant, p_account, p_entry, 'revoked', -p_amount);
    END IF;
    RETURN ledger_close(p_merchant, p_account, p_entry, 'adjust', v_outcome, abs(p_amount), p_fingerprint, p_reasons,
                        p_cause, NULL, p_actor, p_now, NULL);
END $$;
