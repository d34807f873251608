"""Erasing a member: nothing that says who it was is left anywhere, nothing of it can be used, and the books add up."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.utils import timezone

from config.subscriptions import SUBSCRIPTIONS
from core import outbox, tenancy
from core.idempotency import AnswerErased
from core.ids import new_id
from core.models import Answer, AuditRow, Event
from loyalty import queries
from loyalty.happenings.happening import record_happening
from loyalty.membership.joining import enrol_member
from loyalty.membership.leaving import erase_member
from loyalty.models import Happening, Purchase, Standing
from loyalty.purchases import earning
from members import cards, profiles
from members import queries as member_queries
from members.cards import CardRevoked, MemberUnknown
from members.models import Card, Member
from tests.analytics.test_rollups import deliver_all
from tests.world import buy, points_of

CANARY = {"name": "Canarina Zzyzx", "phone": "+33633445566", "email": "zzyzx@canary.example"}
BIRTHDAY = "1931-07-19"


@pytest.fixture
def aroma(world):
    with tenancy.scope(world.aroma.id):
        yield world


def erase(world, member):
    with tenancy.scope(world.aroma.id):
        erase_member(member=member, actor="member")


def columns():
    """Every column that can hold words, of every table: text of all kinds, JSON, arrays, bytes and days."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid "
            "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped "
            "AND (t.typcategory IN ('S', 'A') OR t.typname IN ('json', 'jsonb', 'bytea', 'date')) "
        )
        return cursor.fetchall()


def places_of(canaries, administrator):
    """Where any of these values stands, as (table, column). Bytes are read as text too."""
    found = set()
    for table, column in columns():
        for canary in canaries:
            sql = f'SELECT 1 FROM "{table}" WHERE position(lower(%s) IN lower("{column}"::text)) > 0 OR position(%s IN "{column}"::text) > 0'
            row = administrator.execute(sql, (canary, canary.encode().hex())).fetchone()
            if row:
                found.add((table, column))
    return found


def test_nothing_of_an_erased_member_is_left_in_any_table(committed_db, world, servers_of_this_run, client):
    key = str(new_id())
    headers = {"Authorization": f"Bearer {world.aroma_key}", "Idempotency-Key": key}
    body = CANARY | {"birthday": BIRTHDAY, "consents": {"points_email": True}}
    made = client.post("/api/v1/members", body, content_type="application/json", headers=headers)
    assert made.status_code == 201
    with tenancy.scope(world.aroma.id):
        canarina = member_queries.by_contact(phone=CANARY["phone"])
        profiles.verify_email(member=canarina, email=CANARY["email"], is_own_browser=True)
        spoken = member_queries.card_of(canarina).spoken_code
    buy(world.aroma, canarina, 1250)
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):  # a mail server that named the address when it refused
        buy(world.aroma, canarina, 300)
        Event.objects.filter(name="points.earned").update(last_error=f"{CANARY['email']} refused")
    canaries = [*CANARY.values(), "canarina", BIRTHDAY, spoken]
    with servers_of_this_run.administrator(connection.settings_dict["NAME"]) as administrator:
        before = {table for table, _column in places_of(canaries, administrator)}
        assert {"members_member", "members_card", "core_answer", "core_event"} <= before
        erase(world, canarina)
        assert "core_event" not in {table for table, _column in places_of(canaries, administrator)}
        deliver_all(world.aroma)
        assert places_of(canaries, administrator) == set()
    again = client.post("/api/v1/members", body, content_type="application/json", headers=headers)
    assert (again.status_code, again.json()["code"]) == (410, "answer_erased")


def test_the_books_stay_whole_and_name_nobody(aroma):
    erase_member(member=aroma.mia, actor="member")
    assert queries.problems_in_books() == []
    assert points_of(aroma.aroma, aroma.mia) == 1200
    assert Purchase.objects.filter(member=aroma.mia).count() == 3
    assert str(Purchase.objects.select_related("member").first().member) == "Erased member"


def test_what_happened_is_told_and_audited_without_a_name(aroma):
    erase_member(member=aroma.mia, actor="member")
    [told] = Event.objects.filter(name="member.erased")
    assert told.payload == {"member": str(aroma.mia.id), "actor": "member"}
    outbox.deliver(aroma.aroma.id, told.id, SUBSCRIPTIONS)
    assert AuditRow.objects.get(name="member.erased").payload == told.payload


def test_nothing_remembered_names_or_dates_the_member(aroma):
    born = timezone.now() - dt.timedelta(days=3)
    for trigger, name in (("birthday", ""), ("attendance", "mia’s wedding")):
        record_happening(
            merchant=aroma.aroma, who=cards.Scanned(member_id=aroma.mia.id), trigger=trigger, name=name,
            key=new_id(), asked=trigger, occurred_at=born,
        )  # fmt: skip
    Standing.objects.filter(member=aroma.mia).update(memory={"rule": {"given_at": [born.isoformat()]}})
    assert not Event.objects.filter(payload__icontains="wedding").exists()
    erase_member(member=aroma.mia, actor="member")
    assert Standing.objects.get(member=aroma.mia).memory == {}
    birthday, attendance = (
        Happening.objects.filter(member=aroma.mia).exclude(trigger="joining").order_by("id")
    )
    assert (attendance.name, attendance.occurred_at) == ("", born)
    assert birthday.occurred_at == birthday.recorded_at > born


def test_erasing_again_changes_nothing(aroma):
    for _twice in range(2):
        erase_member(member=aroma.mia, actor="member")
    assert Event.objects.filter(name="member.erased").count() == 1


@pytest.mark.parametrize("code", [cards.static_code, cards.rotating_code])
def test_a_dead_card_says_so_and_earns_nothing(world, code):
    text = code(world.mia_card, world.aroma)
    erase(world, world.mia)
    with pytest.raises(CardRevoked):
        _buy_by(world, cards.read(text, world.aroma))
    assert points_of(world.aroma, world.mia) == 1200


def test_nor_does_anything_else_that_named_the_member(world):
    erase(world, world.mia)
    for who in (
        cards.Scanned(member_id=world.mia.id),
        cards.Scanned(spoken_code=world.mia_card.spoken_code),
        cards.Scanned(phone="+33612345678"),
    ):
        with pytest.raises(MemberUnknown):
            _buy_by(world, who)
    with tenancy.scope(world.aroma.id):
        dead = Card.objects.get(member=world.mia).spoken_code
    with pytest.raises(cards.CardUnreadable):
        cards.read(dead, world.aroma)


def test_the_same_number_and_address_may_join_anew_from_zero(aroma):
    erase_member(member=aroma.mia, actor="member")
    joined = enrol_member(
        merchant=aroma.aroma, name="Mia", phone="+33612345678", email="mia@example.org", source="join"
    )
    assert joined.member.id != aroma.mia.id
    assert points_of(aroma.aroma, joined.member) == 50


def test_a_form_that_was_open_meanwhile_brings_nothing_back(aroma):
    stale = Member.objects.get(id=aroma.mia.id)
    erase_member(member=aroma.mia, actor="member")
    with pytest.raises(MemberUnknown):
        profiles.change_profile(
            member=stale, merchant=aroma.aroma, changes={"name": "Mia again"}, actor="member"
        )
    assert Member.objects.get(id=aroma.mia.id).name == ""


def test_a_purchase_that_is_repeated_after_an_erasure_is_not_done_again(world):
    key = new_id()
    buy(world.aroma, world.mia, 1250, key=key)
    erase(world, world.mia)
    with pytest.raises(AnswerErased):
        buy(world.aroma, world.mia, 1250, key=key)
    with tenancy.scope(world.aroma.id):
        assert Answer.objects.get(key=key).body == ""
        assert Purchase.objects.filter(member=world.mia).count() == 4


def test_a_purchase_judged_before_an_erasure_is_not_written_after_it(committed_db, world, monkeypatch):
    read, erased = earning._read, []

    def erase_after_reading(*args):
        state = read(*args)
        if not erased:
            erased.append(True)
            erase(world, world.mia)
        return state

    monkeypatch.setattr(earning, "_read", erase_after_reading)
    with pytest.raises(MemberUnknown):
        buy(world.aroma, world.mia, 1250)
    with tenancy.scope(world.aroma.id):
        assert Purchase.objects.filter(member=world.mia).count() == 3
        assert not Answer.objects.filter(member_id=world.mia.id).exclude(body="").exists()


def test_lists_and_counts_know_the_erased_no_more(world, client):
    erase(world, world.mia)
    found = client.get("/api/v1/members", headers={"Authorization": f"Bearer {world.aroma_key}"}).json()
    assert [member["name"] for member in found["items"]] == ["Noah"]
    with tenancy.scope(world.aroma.id):
        assert member_queries.search("").count() == 1
    assert json.dumps(found).count("Mia") == 0


def test_others_are_left_alone(world):
    erase(world, world.mia)
    buy(world.aroma, world.noah, 1250)
    assert points_of(world.aroma, world.noah) == 62


def _buy_by(world, who):
    bought = earning.NewPurchase(who=who, amount_minor=1000, channel="api", asked=[str(who)])
    earning.record_purchase(merchant=world.aroma, bought=bought, key=new_id())
