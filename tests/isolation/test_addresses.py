"""Whoever knocks at whichever door with another's object in hand is refused, learns nothing and changes nothing."""

import logging
from contextlib import suppress

import pytest

from core import tenancy
from tests.isolation.addresses import Address, NoCase, all_addresses
from tests.isolation.knocking import fingerprint
from tests.isolation.permission_mutants import line_changed
from tests.isolation.telling import tell
from tests.isolation.walk import walk

KINDS = ("desk", "api", "card", "public", "letter", "service")
LONG = {"api": pytest.mark.long}


@pytest.fixture(autouse=True)
def _quiet(mail_folder, caplog):
    """Letters in a folder of this test's own, which development's pages show; thousands of refusals without a word."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize(
    ("kind", "part", "parts"),
    [
        *(pytest.param("desk", part, 3, marks=pytest.mark.long) for part in range(3)),
        *(pytest.param(kind, 0, 1, marks=LONG.get(kind, ())) for kind in KINDS if kind != "desk"),
    ],
)
def test_no_address_serves_another_shops_people(stage, administrator, kind, part, parts, capsys):
    addresses = [address for address in all_addresses() if kind_of(address) == kind][part::parts]
    done = walk(stage, addresses, administrator)
    with capsys.disabled():
        print(f"\n{kind}: {len(done.covered)} of {len(addresses)} addresses, {done.requests} requests")
    tell(progress=f"knocked at {len(addresses)} addresses of the kind {kind}")
    tell(what="addresses covered", done=len(done.covered), of=len(addresses))
    tell(what="requests with somebody else's object or key", done=done.requests)
    assert "\n".join(done.findings) == ""
    assert done.covered == {address.pattern for address in addresses}


def kind_of(address):
    """Its kind; where it has none, that is one test's finding and not everybody's."""
    with suppress(NoCase):
        return address.kind


def test_every_address_has_its_case(stage):
    """A new route says here what kind of door it is, and what stands in its places."""
    every = all_addresses()
    assert {address.kind for address in every} == set(KINDS)
    for address in every:
        assert address.at(dict.fromkeys(address.owned, stage.bloom)).startswith("/")
    for unknown in (
        Address("gifts/", "gifts", None),
        Address("dashboard/<slug:slug>/gifts/<uuid:gift_id>/", "gift", "scan"),
    ):
        with pytest.raises(NoCase):
            _ = unknown.kind, unknown.at(dict.fromkeys(unknown.places, stage.bloom))


def test_where_two_locks_are_missing_a_canary_sings(stage, administrator):
    """Else a silent canary would prove nothing."""
    # Of pages that ask little else: two programmes at once are more than most of them can bear.
    names = {"api_member", "api_locations", "api_rewards"}
    reading = [address for address in all_addresses() if address.name in names]
    opened = "SELECT tablename FROM pg_policies WHERE policyname = 'tenant'"
    for (table,) in administrator.execute(opened).fetchall():
        administrator.execute(f"ALTER POLICY tenant ON {table} USING (true)")
    filtered = (tenancy.TenantManager.get_queryset, "", ".filter(merchant_id=current_merchant_id())", "")
    with line_changed(*filtered):
        found = walk(stage, reading, administrator).findings
    assert any("says kanariebloom" in words for words in found), found


def test_a_row_that_changes_is_seen(stage, administrator):
    before = fingerprint(administrator, stage.bloom)
    administrator.execute(
        "UPDATE members_consent SET given = NOT given WHERE merchant_id = %s", [stage.bloom.merchant.id]
    )
    after = fingerprint(administrator, stage.bloom)
    assert {table for table in before if before[table] != after[table]} == {"members_consent"}
