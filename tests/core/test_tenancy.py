"""The scope fails closed: in Python, in PostgreSQL, across connections and transactions."""

import threading

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from core import tenancy
from core.checks import tenant_models, tenant_tables_are_locked
from core.ids import new_id
from loyalty.models import Purchase
from loyalty.programme import versions
from members.models import Member
from merchants.models import Location, Merchant
from tests.scopeless import NO_SCOPE
from tests.world import buy


def tables(cursor):
    cursor.execute(
        "SELECT table_name FROM information_schema.columns WHERE column_name = 'merchant_id' AND table_schema = 'public'"
    )
    return sorted(name for (name,) in cursor.fetchall())


def test_a_query_without_a_scope_raises(world):
    with pytest.raises(tenancy.ScopeMissing):
        Member.objects.count()
    with pytest.raises(tenancy.ScopeMissing):
        world.mia.refresh_from_db()


def test_the_database_refuses_too_when_the_code_forgets(world):
    with connection.cursor() as cursor:
        for table in tables(cursor):
            with (
                pytest.raises(DatabaseError, match=f"{NO_SCOPE}|permission denied"),
                transaction.atomic(),
            ):
                cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")


def test_one_scope_sees_nothing_of_another(world):
    with tenancy.scope(world.bloom.id):
        assert list(Member.objects.values_list("name", flat=True)) == ["Zoe"]
        assert not Member.objects.filter(id=world.mia.id).exists()
        with connection.cursor() as cursor:
            for table in tables(cursor):
                cursor.execute(f"SELECT count(*) FROM {table} WHERE merchant_id <> %s", [world.bloom.id])
                assert cursor.fetchone() == (0,), table


def test_a_purchase_of_another_merchants_is_refused_inside_a_scope(world):
    with tenancy.scope(world.aroma.id), pytest.raises(tenancy.ScopeMismatch):
        buy(world.bloom, world.zoe, 1000)
    with tenancy.scope(world.aroma.id), pytest.raises(tenancy.ScopeMismatch):
        versions.load_version(world.bloom.id, 1)


def test_a_row_cannot_be_written_for_another_merchant(world):
    with (
        tenancy.scope(world.bloom.id),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        Location.objects.create(merchant_id=world.aroma.id, name="Trojan")


def test_a_row_cannot_refer_to_another_merchants_row(world):
    with (
        tenancy.scope(world.bloom.id),
        pytest.raises(DatabaseError, match="members_member_location_id_tenant_fk"),
        transaction.atomic(),
    ):
        Member.objects.create(name="Kuckuck", email="k@example.org", location_id=world.croix_rousse.id)


def test_a_second_merchants_scope_inside_the_first_is_a_bug(world):
    with tenancy.scope(world.aroma.id):
        with tenancy.scope(world.aroma.id):
            assert Member.objects.count() == 2
        with pytest.raises(tenancy.ScopeMismatch), tenancy.scope(world.bloom.id):
            pass


def test_the_scope_ends_with_its_block_even_inside_a_longer_transaction(world):
    with tenancy.scope(world.aroma.id):
        pass
    with (
        pytest.raises(DatabaseError, match=NO_SCOPE),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT 1 FROM members_member LIMIT 1")


def test_the_purchase_statements_leave_no_scope_behind(world):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT loyalty_read_version(%s, 1)", [world.aroma.id])
        with pytest.raises(DatabaseError, match=NO_SCOPE), transaction.atomic():
            cursor.execute("SELECT 1 FROM members_member LIMIT 1")


def test_a_scope_in_one_thread_is_none_in_another(world):
    found = []

    def look():
        try:
            Member.objects.count()
        except tenancy.ScopeMissing:
            found.append("closed")

    with tenancy.scope(world.aroma.id):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert found == ["closed"]


def test_a_connection_used_by_one_merchant_tells_the_next_nothing(committed_db):
    from tests.world import make_world

    made = make_world()
    with tenancy.scope(made.aroma.id):
        assert Member.objects.count() == 2
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match=NO_SCOPE):
        cursor.execute("SELECT count(*) FROM members_member")
    with tenancy.scope(made.bloom.id):
        assert Member.objects.count() == 1


def test_anyone_reads_a_merchants_name_but_only_its_scope_changes_it(world):
    assert Merchant.objects.filter(slug="aroma").exists()
    with tenancy.scope(world.bloom.id):
        assert Merchant.objects.filter(id=world.aroma.id).update(name="Stolen") == 0
    with pytest.raises(DatabaseError, match=NO_SCOPE), transaction.atomic():
        Merchant.objects.filter(id=world.aroma.id).update(name="Stolen")


def test_every_tenant_model_is_found_and_locked(world):
    assert {Member, Location, Purchase} <= set(tenant_models())
    assert tenant_tables_are_locked(databases=["default"]) == []


@pytest.mark.parametrize(
    ("breakage", "code"),
    [
        ("ALTER TABLE members_card DISABLE ROW LEVEL SECURITY", "core.E001"),
        ("ALTER TABLE members_card NO FORCE ROW LEVEL SECURITY", "core.E001"),
        ("DROP POLICY tenant ON members_card", "core.E002"),
        ("ALTER POLICY tenant ON members_card USING (true)", "core.E002"),
        ("ALTER TABLE members_card DROP CONSTRAINT members_card_pkey", "core.E003"),
        ("CREATE TABLE stray (merchant_id uuid, id uuid)", "core.E001"),
        ("CREATE TABLE stray (merchant_id uuid, id uuid)", "core.E002"),
    ],
)
def test_a_tenant_table_that_lost_a_lock_is_an_error(committed_db, servers_of_this_run, breakage, code):
    with servers_of_this_run.administrator(connection.settings_dict["NAME"]) as administrator:
        administrator.execute(breakage)
    assert code in {error.id for error in tenant_tables_are_locked(databases=["default"])}


@pytest.mark.parametrize("table", ["merchants_apikey", "core_event", "loyalty_purchase", "ledger_account"])
def test_the_audit_role_reads_and_the_jobs_role_does_not(committed_db, servers_of_this_run, table):
    name = connection.settings_dict["NAME"]
    with servers_of_this_run.administrator(name) as session:
        # In a scope: what refuses is the role's rights, and no missing scope.
        session.execute("SELECT set_config('app.merchant_id', %s, false)", [str(new_id())])
        session.execute("SET ROLE habitue_audit")
        session.execute(f"SELECT count(*) FROM {table}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(f"DELETE FROM {table}")
        session.execute("SET ROLE habitue_jobs")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(f"SELECT * FROM {table}")


def test_the_app_role_owns_nothing_and_bypasses_nothing(world):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("habitue_app", False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
        assert cursor.fetchone() == (0,)


def test_an_unknown_merchants_scope_is_empty(world):
    with tenancy.scope(new_id()):
        assert Member.objects.count() == 0
