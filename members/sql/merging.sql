-- A merged member leads to the one who stays in one step: never to itself merged away, never to somebody erased, never in a
-- chain. Whoever was merged and erased stays so. The row that is pointed at is locked, so that two merges of the same
-- people, one each way, cannot both find the other as it was.

CREATE FUNCTION members_guard_merge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_stays members_member;
BEGIN
    IF TG_OP = 'INSERT' THEN
        RAISE EXCEPTION 'member: nobody begins as merged' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.erased_at IS NOT NULL THEN
        RAISE EXCEPTION 'member: who was erased is neither merged nor un-merged' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.merged_into_id IS NULL THEN
        RETURN NEW;
    END IF;
    IF OLD.merged_into_id IS NOT NULL THEN
        RAISE EXCEPTION 'member: merged already' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT * INTO v_stays FROM members_member
    WHERE merchant_id = NEW.merchant_id AND id = NEW.merged_into_id FOR NO KEY UPDATE;
    IF v_stays.merged_into_id IS NOT NULL OR v_stays.erased_at IS NOT NULL
       OR EXISTS (SELECT FROM members_member WHERE merchant_id = NEW.merchant_id AND merged_into_id = NEW.id) THEN
        RAISE EXCEPTION 'member: a merge leads to one who stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_merge BEFORE UPDATE ON members_member FOR EACH ROW
    WHEN (OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id) EXECUTE FUNCTION members_guard_merge();
CREATE TRIGGER begin_alone BEFORE INSERT ON members_member FOR EACH ROW
    WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION members_guard_merge();
