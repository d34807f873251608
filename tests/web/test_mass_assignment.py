"""What a form or a body does not offer cannot be set by sending it: no form takes "all fields", and extra ones are no use."""

import ast
from pathlib import Path

import pytest
from django.db import connection

from core import tenancy
from members.models import Card, Member
from merchants.models import ApiKey, Merchant, StaffMember
from tests.servers import APPS, ROOT
from tests.web.desk import desk_of
from tests.world import points_of, signed_in

# Names of columns and of things that somebody might hope to set.
WISHES = {
    "id": "01a1f0c7-8a52-7c39-9d1e-0242ac120002",
    "merchant": "01a1f0c7-8a52-7c39-9d1e-0242ac120002",
    "merchant_id": "01a1f0c7-8a52-7c39-9d1e-0242ac120002",
    "member_id": "01a1f0c7-8a52-7c39-9d1e-0242ac120002",
    "points": "99999",
    "available": "99999",
    "welcome": "99999",
    "tier": "Gold",
    "tier_id": "01a1f0c7-8a52-7c39-9d1e-0242ac120002",
    "progress_minor": "99999",
    "generation": "9",
    "serial": "1",
    "erased_at": "2026-01-01T00:00:00Z",
    "joined_at": "2000-01-01T00:00:00Z",
    "email_verified_at": "2026-01-01T00:00:00Z",
    "role": "owner",
    "is_staff": "on",
    "is_superuser": "on",
    "slug": "bloom",
    "number": "1",
    "currency": "JPY",
    "secret_hash": "00",
    "scopes": "members:write",
    "actor_id": "01a1f0c7-8a52-7c39-9d1e-0242ac120002",
}


def metas(path: Path):
    """The inner classes `Meta` of a module, with what they assign."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef) and node.name == "Meta":
            yield {
                target.id: ast.unparse(line.value)
                for line in node.body
                if isinstance(line, ast.Assign)
                for target in line.targets
                if isinstance(target, ast.Name)
            }


def test_no_form_and_no_serializer_takes_all_fields():
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            for said in metas(path):
                assert "__all__" not in said.get("fields", ""), path
                assert "model" not in said or "exclude" not in said, f"{path}: name the fields that are taken"


def rows_of(merchant):
    """Every member, card, staff member and key of a shop, column by column, and the shop itself."""
    with tenancy.scope(merchant.id):
        found = [
            sorted(map(str, model.objects.values_list())) for model in (Member, Card, StaffMember, ApiKey)
        ]
    shops = sorted(map(str, Merchant.objects.values_list()))
    with connection.cursor() as cursor, tenancy.scope(merchant.id):
        cursor.execute("SELECT sum(available), sum(last_seq) FROM ledger_account")
        return found, shops, cursor.fetchone()


@pytest.mark.parametrize("whose", ["the desk's member", "the desk's shop"])
def test_fields_that_the_desk_does_not_offer_change_nothing(world, whose):
    desk = desk_of(world)
    address, offered = {
        "the desk's member": (
            f"/dashboard/aroma/members/{world.mia.id}/profile/",
            {
                "name": "Mia",
                "phone": "+33612345678",
                "email": "mia@example.org",
                "locale": "en",
                "birthday": "",
            },
        ),
        "the desk's shop": (
            "/dashboard/aroma/settings/",
            {name: getattr(world.aroma, name, "") for name in ("name", "time_zone", "locale", "trade")},
        ),
    }[whose]
    desk.post(address, offered)  # what may change has
    before = rows_of(world.aroma), rows_of(world.bloom)
    answer = desk.post(address, WISHES | offered)
    assert answer.status_code < 500
    assert (rows_of(world.aroma), rows_of(world.bloom)) == before


def test_an_enrolment_at_the_till_gives_what_the_programme_gives(world):
    till = signed_in(world.sam)
    answer = till.post(
        "/scan/aroma/members", WISHES | {"name": "Ada", "phone": "+33611223344", "locale": "en"}
    )
    assert answer.status_code == 201
    with tenancy.scope(world.aroma.id):
        ada = Member.objects.get(phone="+33611223344")
        assert (ada.erased_at, Card.objects.get(member=ada).generation) == (
            None,
            world.noah_card.generation,
        )
        assert str(ada.id) not in WISHES.values()
    assert points_of(world.aroma, ada) == 50
