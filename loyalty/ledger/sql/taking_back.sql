-- Taking an award back: all of it, out of its own lot. Units that were used already are not there to be taken; what is owed
-- then is a matter of debt, which comes with the books' own issue.

ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_sound;
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_sound CHECK (
    kind IN ('award', 'spend', 'take_back') AND outcome IN ('posted', 'insufficient_units') AND amount > 0);
ALTER TABLE ledger_movement DROP CONSTRAINT ledger_movement_legal;
ALTER TABLE ledger_movement ADD CONSTRAINT ledger_movement_legal CHECK (
    seq > 0 AND amount > 0
    AND (source = 'issuing' AND target = 'available' OR source = 'available' AND target IN ('spent', 'revoked')));

-- The cause is the award's own: nobody can take back in another purchase's name. A lot that is not whole: a declined entry,
-- and nothing moves. Of two who take back the same award, the second finds the lot empty.
CREATE FUNCTION ledger_take_back(
    p_merchant uuid, p_entry uuid, p_account uuid, p_fingerprint bytea, p_award uuid,
    p_reasons jsonb, p_actor uuid, p_occurred_at timestamptz, p_event uuid
) RETURNS ledger_answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_account ledger_account;
    v_answer  ledger_answer;
    v_award   ledger_entry;
    v_lot     ledger_lot;
    v_posted  boolean;
    v_seq     bigint;
    v_left    bigint;
BEGIN
    SELECT * INTO v_account FROM ledger_account
    WHERE merchant_id = p_merchant AND id = p_account FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger: no such account' USING ERRCODE = 'foreign_key_violation';
    END IF;
    v_answer := ledger_recall(p_merchant, p_entry, p_account, p_fingerprint);
    IF v_answer.outcome IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    SELECT * INTO v_award FROM ledger_entry
    WHERE merchant_id = p_merchant AND id = p_award AND account_id = p_account AND kind = 'award' AND outcome = 'posted';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger: no such award in this account' USING ERRCODE = 'foreign_key_violation';
    END IF;
    -- An award's one movement issued its lot: both are found by their keys.
    SELECT l.* INTO STRICT v_lot
    FROM ledger_movement m JOIN ledger_lot l ON l.merchant_id = m.merchant_id AND l.id = m.lot_id AND l.entry_id = p_award
    WHERE m.merchant_id = p_merchant AND m.account_id = p_account AND m.seq = v_award.last_seq;
    v_posted := v_lot.available = v_lot.granted;
    v_seq := v_account.last_seq;
    v_left := v_account.available;
    IF v_posted THEN
        v_seq := v_seq + 1;
        v_left := v_left - v_lot.granted;
        INSERT INTO ledger_movement (merchant_id, account_id, seq, entry_id, lot_id, source, target, amount)
        VALUES (p_merchant, p_account, v_seq, p_entry, v_lot.id, 'available', 'revoked', v_lot.granted);
        p_event := ledger_tell(p_merchant, p_event, 'points.taken_back', v_account, p_entry, v_lot.granted,
                               v_award.cause_id, p_occurred_at);
    END IF;
    INSERT INTO ledger_entry (merchant_id, id, account_id, kind, outcome, amount, available_after, last_seq,
                              fingerprint, reasons, cause_id, actor_id, occurred_at)
    VALUES (p_merchant, p_entry, p_account, 'take_back', CASE WHEN v_posted THEN 'posted' ELSE 'insufficient_units' END,
            v_lot.granted, v_left, v_seq, p_fingerprint, p_reasons, v_award.cause_id, p_actor, p_occurred_at)
    RETURNING outcome INTO v_answer.outcome;
    RETURN ROW(v_answer.outcome, false, v_lot.granted, v_left, v_seq)::ledger_answer;
END $$;
