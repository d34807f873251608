-- The two writers of every counter, a lot's birth and a movement, and the refusal of all others, the owner included.

-- A lot is born with its units where they belong: its birth is its first movement, and counts in the account. So it is
-- written once, and there is no lot without a movement, whoever inserts it.
CREATE FUNCTION ledger_issue_lot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.available <> NEW.granted THEN
        RAISE EXCEPTION 'ledger: a lot begins with all its units available' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    WITH counted AS (
        UPDATE ledger_account SET available = available + NEW.available, last_seq = NEW.seq
        WHERE merchant_id = NEW.merchant_id AND id = NEW.account_id AND last_seq = NEW.seq - 1
        RETURNING id
    )
    INSERT INTO ledger_movement (merchant_id, account_id, seq, entry_id, lot_id, source, target, amount)
    SELECT NEW.merchant_id, id, NEW.seq, NEW.entry_id, NEW.id, 'issuing', 'available', NEW.granted FROM counted;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger: movements follow each other without a gap' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

-- Every other movement moves the units of its lot, and adds to its account.
CREATE FUNCTION ledger_apply_movement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.source = 'issuing' THEN
        IF pg_trigger_depth() = 1 THEN
            RAISE EXCEPTION 'ledger: units are issued by their lot' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NULL;  -- the lot's own trigger wrote it, and counted it
    END IF;
    UPDATE ledger_lot SET
        pending   = pending   + CASE WHEN NEW.target = 'pending' THEN NEW.amount WHEN NEW.source = 'pending' THEN -NEW.amount ELSE 0 END,
        available = available + CASE WHEN NEW.target = 'available' THEN NEW.amount WHEN NEW.source = 'available' THEN -NEW.amount ELSE 0 END,
        held      = held      + CASE WHEN NEW.target = 'held' THEN NEW.amount WHEN NEW.source = 'held' THEN -NEW.amount ELSE 0 END,
        spent     = spent     + CASE WHEN NEW.target = 'spent' THEN NEW.amount WHEN NEW.source = 'spent' THEN -NEW.amount ELSE 0 END,
        expired   = expired   + CASE WHEN NEW.target = 'expired' THEN NEW.amount WHEN NEW.source = 'expired' THEN -NEW.amount ELSE 0 END,
        revoked   = revoked   + CASE WHEN NEW.target = 'revoked' THEN NEW.amount WHEN NEW.source = 'revoked' THEN -NEW.amount ELSE 0 END,
        repaid    = repaid    + CASE WHEN NEW.target = 'repaid' THEN NEW.amount WHEN NEW.source = 'repaid' THEN -NEW.amount ELSE 0 END
    WHERE merchant_id = NEW.merchant_id AND id = NEW.lot_id AND account_id = NEW.account_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger: a movement needs a lot of its own account' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE ledger_account SET
        pending   = pending   + CASE WHEN NEW.target = 'pending' THEN NEW.amount WHEN NEW.source = 'pending' THEN -NEW.amount ELSE 0 END,
        available = available + CASE WHEN NEW.target = 'available' THEN NEW.amount WHEN NEW.source = 'available' THEN -NEW.amount ELSE 0 END,
        held      = held      + CASE WHEN NEW.target = 'held' THEN NEW.amount WHEN NEW.source = 'held' THEN -NEW.amount ELSE 0 END,
        last_seq  = NEW.seq
    WHERE merchant_id = NEW.merchant_id AND id = NEW.account_id AND last_seq = NEW.seq - 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger: movements follow each other without a gap' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER issue AFTER INSERT ON ledger_lot FOR EACH ROW EXECUTE FUNCTION ledger_issue_lot();
CREATE TRIGGER apply AFTER INSERT ON ledger_movement FOR EACH ROW EXECUTE FUNCTION ledger_apply_movement();

-- What is written stays as it is written.
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON ledger_movement FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON ledger_movement FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER keep BEFORE DELETE ON ledger_lot FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON ledger_lot FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER keep BEFORE DELETE ON ledger_account FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON ledger_account FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();

-- A counter changes inside a trigger above (depth 1) or not at all; the WHEN is cheaper than a function call.
CREATE TRIGGER one_writer BEFORE UPDATE ON ledger_lot FOR EACH ROW
    WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER one_writer BEFORE UPDATE ON ledger_account FOR EACH ROW
    WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger_refuse();
-- An account begins at zero.
CREATE TRIGGER begin_empty BEFORE INSERT ON ledger_account FOR EACH ROW
    WHEN (NEW.available + NEW.pending + NEW.held + NEW.debt + NEW.last_seq <> 0) EXECUTE FUNCTION ledger_refuse();
