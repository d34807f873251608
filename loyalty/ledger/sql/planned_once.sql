-- The doors of the books keep one plan for each of their statements. PostgreSQL would compare it with plans made anew for
-- each call, count all partitions against it though it opens one, and plan anew for ever: two fifths of a posting's time.
-- Those that only insert into partitions, or see none, need not be told.
DO $$
DECLARE
    v_door regprocedure;
BEGIN
    FOR v_door IN SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'public' AND p.prosecdef AND p.proname LIKE 'ledger\_%'
          AND p.proname NOT IN ('ledger_open', 'ledger_lock', 'ledger_issue')
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET plan_cache_mode = force_generic_plan', v_door);
    END LOOP;
END $$;
