-- Using units: at once, or set aside first and then used or let go; and giving back what was used.

-- Use units, soonest-expiring lot first. Too few: a declined entry, and nothing moves. With `p_until` they are set aside.
DROP FUNCTION ledger_spend;
CREATE FUNCTION ledger_use(
    p_merchant uuid, p_entry uuid, p_account uuid, p_fingerprint bytea, p_amount bigint, p_reasons jsonb, p_cause uuid,
    p_actor uuid, p_until timestamptz, p_now timestamptz
) RETURNS ledger_answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_answer  ledger_answer;
    v_kind    text := CASE WHEN p_until IS NULL THEN 'spend' ELSE 'hold' END;
    v_outcome text := 'posted';
BEGIN
    p_now := greatest(p_now, now());  -- nobody turns back the clock to spend what has expired
    v_answer := ledger_begin(p_merchant, p_account, p_entry, p_fingerprint, p_now);
    IF v_answer.outcome IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    IF (SELECT available FROM ledger_account WHERE merchant_id = p_merchant AND id = p_account) < p_amount THEN
        v_outcome := 'insufficient_units';
    ELSE
        PERFORM ledger_draw(p_merchant, p_account, p_entry,
                            CASE WHEN p_until IS NULL THEN 'spent' ELSE 'held' END::ledger_bucket, p_amount);
        IF p_until IS NOT NULL THEN
            INSERT INTO ledger_hold (merchant_id, id, account_id, amount, until)
            VALUES (p_merchant, p_entry, p_account, p_amount, p_until);
        END IF;
    END IF;
    RETURN ledger_close(p_merchant, p_account, p_entry, v_kind, v_outcome, p_amount, p_fingerprint, p_reasons, p_cause,
                        NULL, p_actor, p_now, NULL);
END $$;

-- A hold ends: its units are used (`capture`) or let go (`release`). It ends once; a hold whose time is out has ended.
CREATE FUNCTION ledger_end_hold(
    p_merchant uuid, p_entry uuid, p_account uuid, p_fingerprint bytea, p_hold uuid, p_kind text, p_reasons jsonb,
    p_actor uuid, p_now timestamptz
) RETURNS ledger_answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_answer  ledger_answer;
    v_entry   ledger_entry;
    v_hold    ledger_hold;
    v_outcome text := 'posted';
    v_part    record;
BEGIN
    p_now := greatest(p_now, now());
    v_answer := ledger_begin(p_merchant, p_account, p_entry, p_fingerprint, p_now);
    IF v_answer.outcome IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    v_entry := ledger_entry_of(p_merchant, p_hold, p_account, '{hold}');
    SELECT * INTO v_hold FROM ledger_hold WHERE merchant_id = p_merchant AND id = p_hold;
    IF v_hold.closed_by IS NOT NULL THEN
        v_outcome := 'hold_closed';
    ELSIF p_kind = 'release' THEN
        PERFORM ledger_let_go(v_hold, p_entry);
    ELSE
        FOR v_part IN SELECT lot_id, amount FROM ledger_movements_of(p_merchant, p_hold) LOOP
            PERFORM ledger_move(p_merchant, p_account, p_entry, v_part.lot_id, 'held', 'spent', v_part.amount);
        END LOOP;
        UPDATE ledger_hold SET closed_by = p_entry WHERE merchant_id = p_merchant AND id = p_hold;
    END IF;
    RETURN ledger_close(p_merchant, p_account, p_entry, p_kind, v_outcome, v_hold.amount, p_fingerprint, p_reasons,
                        v_entry.cause_id, p_hold, p_actor, p_now, NULL);
END $$;

-- What was used comes back to the lots it came from, last used first; a lot that has died meanwhile lives again until
-- `p_grace_until`. `p_amount` NULL: all that has not come back yet; more than that: declined. Where the account that used
-- them has been merged into this one, each lot is given anew here: nobody can use the old ones any more.
CREATE FUNCTION ledger_return(
    p_merchant uuid, p_entry uuid, p_account uuid, p_fingerprint bytea, p_spend uuid, p_amount bigint, p_reasons jsonb,
    p_actor uuid, p_now timestamptz, p_grace_until timestamptz
) RETURNS ledger_answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_answer ledger_answer;
    v_spend  ledger_entry;
    v_rest   bigint;
    v_left   bigint;
    v_part   record;
    v_amount bigint;
BEGIN
    p_now := greatest(p_now, now());
    v_spend := ledger_original(p_merchant, p_spend, p_account, '{spend,capture}');
    v_answer := ledger_begin(p_merchant, p_account, p_entry, p_fingerprint, p_now);
    IF v_answer.outcome IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    v_rest := v_spend.amount - ledger_undone(p_merchant, p_spend, 'return');
    p_amount := coalesce(p_amount, greatest(v_rest, 1));
    IF p_amount > v_rest THEN
        RETURN ledger_close(p_merchant, p_account, p_entry, 'return', 'exceeds_original', p_amount, p_fingerprint, p_reasons,
                            v_spend.cause_id, p_spend, p_actor, p_now, NULL);
    END IF;
    v_left := p_amount;
    FOR v_part IN
        SELECT used.lot_id, used.amount - coalesce(back.amount, 0) AS amount,
               CASE WHEN l.expires_at <= p_now THEN coalesce(p_grace_until, l.expires_at) ELSE l.expires_at END AS expires_at,
               l.expires_at <= p_now AS is_dead
        FROM ledger_movements_of(p_merchant, p_spend) used
        JOIN ledger_lot l ON l.merchant_id = p_merchant AND l.id = used.lot_id
        LEFT JOIN (  -- what came back before, to the lot itself or to one that it was given instead
            SELECT CASE WHEN e.account_id = v_spend.account_id THEN b.id ELSE b.came_from END AS lot_id,
                   sum(m.amount) AS amount
            FROM ledger_entry e
            CROSS JOIN LATERAL ledger_movements_of(p_merchant, e.id) m
            JOIN ledger_lot b ON b.merchant_id = p_merchant AND b.id = m.lot_id
            WHERE e.merchant_id = p_merchant AND e.refers_to = p_spend AND e.kind = 'return' AND e.outcome = 'posted'
            GROUP BY 1
        ) back ON back.lot_id = used.lot_id
        ORDER BY used.seq DESC
    LOOP
        v_amount := least(v_left, v_part.amount);
        v_left := v_left - v_amount;
        IF v_spend.account_id = p_account THEN
            PERFORM ledger_come_back(p_merchant, p_account, p_entry, v_part.lot_id, 'spent', v_amount,
                                     CASE WHEN v_part.is_dead THEN p_grace_until END);
        ELSE
            PERFORM ledger_birth(p_merchant, p_account, p_entry, ledger_id_as_old_as(v_part.lot_id), v_amount, false, NULL,
                                 v_part.expires_at, v_part.lot_id);
        END IF;
        EXIT WHEN v_left = 0;
    END LOOP;
    RETURN ledger_close(p_merchant, p_account, p_entry, 'return', 'posted', p_amount, p_fingerprint, p_reasons,
                        v_spend.cause_id, p_spend, p_actor, p_now, NULL);
END $$;

-- How much of an entry has been undone by entries of one kind.
CREATE FUNCTION ledger_undone(p_merchant uuid, p_entry uuid, p_kind text) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(sum(amount), 0) FROM ledger_entry
            WHERE merchant_id = p_merchant AND refers_to = p_entry AND kind = p_kind AND outcome = 'posted');
END $$;
