-- Cuts a table into hash partitions by merchant and keeps all there is about it: rows, keys, indexes, triggers, policies,
-- rights, functions that name its row. It asks the catalogue what there is, so that nothing can be forgotten.
-- Triggers, policies and rights come after the rows: copied rows are no postings, and are of all merchants.

CREATE FUNCTION pg_temp.cut_by_merchant(p_table name, p_parts integer) RETURNS void LANGUAGE plpgsql AS $cut$
DECLARE
    v_old     oid := p_table::text::regclass;
    v_whole   name := p_table || '_whole';
    v_each    text[];  -- for the table and each of its partitions: %1$I is the name
    v_parts   text[];  -- for each partition only: it has its parent's row triggers, and no others
    v_table   text[];  -- for the table, in this order
    v_freed   text[];  -- what holds the old table
    v_options text;
    v_columns text;
    v_part    name;
BEGIN
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', p_table);
    SELECT coalesce('WITH (' || array_to_string(reloptions, ', ') || ')', '') INTO v_options
    FROM pg_class WHERE oid = v_old;
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO v_columns
    FROM pg_attribute WHERE attrelid = v_old AND attnum > 0 AND NOT attisdropped AND attgenerated = '';

    SELECT array_agg(line) INTO v_each FROM (
        VALUES ('ALTER TABLE %1$I ENABLE ROW LEVEL SECURITY'), ('ALTER TABLE %1$I FORCE ROW LEVEL SECURITY')
        UNION ALL
        SELECT format('CREATE POLICY %I ON %%1$I AS %s FOR %s TO %s', policyname, permissive, cmd, array_to_string(roles, ', '))
               || coalesce(' USING (' || qual || ')', '') || coalesce(' WITH CHECK (' || with_check || ')', '')
        FROM pg_policies WHERE schemaname = 'public' AND tablename = p_table
    ) lines (line);

    SELECT array_agg(replace(pg_get_triggerdef(oid), ' ON public.' || p_table || ' ', ' ON public.%1$I ')) INTO v_parts
    FROM pg_trigger WHERE tgrelid = v_old AND NOT tgisinternal AND tgtype & 1 = 0;

    SELECT array_agg(line ORDER BY place, line) INTO v_table FROM (
        SELECT CASE contype WHEN 'p' THEN 1 WHEN 'u' THEN 2 ELSE 4 END AS place,
               format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS line
        FROM pg_constraint WHERE conrelid = v_old AND contype IN ('p', 'u') OR v_old IN (conrelid, confrelid) AND contype = 'f'
        UNION ALL
        SELECT 3, pg_get_indexdef(indexrelid) FROM pg_index
        WHERE indrelid = v_old AND indexrelid NOT IN (SELECT conindid FROM pg_constraint WHERE conrelid = v_old)
        UNION ALL
        SELECT 5, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = v_old AND NOT tgisinternal
        UNION ALL
        SELECT 6, format('GRANT %s ON %I TO %I', privilege_type, p_table, grantee::regrole)
        FROM pg_class, aclexplode(relacl) WHERE oid = v_old AND grantee <> relowner
        UNION ALL
        SELECT 6, format('GRANT %s (%I) ON %I TO %I', privilege_type, attname, p_table, grantee::regrole)
        FROM pg_attribute, aclexplode(attacl) WHERE attrelid = v_old
        UNION ALL
        SELECT 7, pg_get_functiondef(f) FROM pg_temp.functions_of_row(v_old) f
        UNION ALL
        SELECT 8, format('GRANT EXECUTE ON FUNCTION %s TO %I', oid::regprocedure, grantee::regrole)
        FROM pg_proc, aclexplode(proacl) WHERE oid IN (SELECT pg_temp.functions_of_row(v_old)) AND grantee <> proowner
    ) lines;

    SELECT array_agg(line) INTO v_freed FROM (
        SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
        FROM pg_constraint WHERE v_old IN (conrelid, confrelid) AND contype = 'f'
        UNION ALL
        SELECT format('DROP FUNCTION %s', f) FROM pg_temp.functions_of_row(v_old) f
    ) lines (line);

    PERFORM pg_temp.run(v_freed);
    EXECUTE format('ALTER TABLE %I RENAME TO %I', p_table, v_whole);
    EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', v_whole);
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL EXCLUDING INDEXES) PARTITION BY HASH (merchant_id)', p_table, v_whole);
    FOR number IN 0 .. p_parts - 1 LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS %s, REMAINDER %s) %s',
                       p_table || '_p' || number, p_table, p_parts, number, v_options);
    END LOOP;
    EXECUTE format('INSERT INTO %I (%s) SELECT %s FROM %I', p_table, v_columns, v_columns, v_whole);
    EXECUTE format('DROP TABLE %I', v_whole);

    PERFORM pg_temp.run(v_table);
    PERFORM pg_temp.run(v_each, p_table);
    FOR number IN 0 .. p_parts - 1 LOOP
        PERFORM pg_temp.run(v_each || v_parts, (p_table || '_p' || number)::name);
    END LOOP;
    EXECUTE format('ANALYZE %I', p_table);
END $cut$;

-- Functions that take or give a row of this table.
CREATE FUNCTION pg_temp.functions_of_row(p_table oid) RETURNS SETOF regprocedure LANGUAGE sql STABLE AS $$
    SELECT DISTINCT d.objid::regprocedure FROM pg_depend d JOIN pg_type t ON t.oid = d.refobjid
    WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_type'::regclass AND t.typrelid = p_table
$$;

CREATE FUNCTION pg_temp.run(p_lines text[], p_name name DEFAULT '') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    FOR number IN 1 .. coalesce(array_length(p_lines, 1), 0) LOOP
        EXECUTE CASE WHEN p_name = '' THEN p_lines[number] ELSE format(p_lines[number], p_name) END;
    END LOOP;
END $$;
