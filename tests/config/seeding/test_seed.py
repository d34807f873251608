"""`manage.py seed` on a small scale: through the rules and the books, once, and with a file that opens the doors."""

import io
import json
import stat

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from analytics.aims import first_day, open_aim, progress_of
from analytics.models import DailyFigure
from config.seeding import cast, demo
from core import tenancy
from core.models import Answer, Event
from loyalty import queries
from loyalty.membership.story import story_of
from loyalty.models import CodeBatch, Purchase, Standing
from loyalty.programme.versions import forget_versions, version_in_force
from members import cards
from members import queries as member_queries
from members.models import Member
from merchants import api_keys
from merchants.models import ApiKey, Merchant, User
from rewards.catalogue import all_rewards, live_rewards
from studio.counting import figures_of
from studio.designing import designs
from studio.links import all_links
from tests.fixtures.databases import rolled_back

KEYS = {"base_url", "owner", "cashier", "api_key", "merchant", "location", "currency", "members"}


def seed(**settings) -> str:
    """Run the command; what it printed."""
    told = io.StringIO()
    with override_settings(SEED="small", **settings):
        call_command("seed", stdout=told)
    return told.getvalue()


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker, tmp_path_factory):
    """A seeded database, undone at the end of this module; its data folder."""
    folder = tmp_path_factory.mktemp("seeded")
    forget_versions()
    with django_db_blocker.unblock(), rolled_back():
        with override_settings(DATA_DIR=folder):
            told = seed()
        yield folder, told


@pytest.fixture
def folder(seeded):
    """The data folder of the seeded database; what a test changes in the database is undone after it."""
    with override_settings(DATA_DIR=seeded[0]), transaction.atomic():
        yield seeded[0]
        transaction.set_rollback(True)


@pytest.fixture
def aroma(folder):
    with tenancy.scope(Merchant.objects.get(slug="aroma").id):
        yield Merchant.objects.get(slug="aroma")


def test_the_cafe_has_a_goal_that_it_has_not_reached_yet(aroma):
    aim = open_aim()
    assert aim is not None
    rows = DailyFigure.objects.filter(day__gte=first_day(aim, aroma))
    found = progress_of(aim, aroma, members=0, rows=rows)
    assert found.state == "open"
    assert found.percent >= 50


def test_the_cafe_s_tiers_bring_something_and_its_partner_s_packets_have_codes(aroma):
    version = version_in_force()
    assert [len(tier.perks) for tier in version.tiers] == [0, 1, 2]
    [batch] = CodeBatch.objects.all()
    [rule] = (rule for rule in version.rules if rule.trigger == "code")
    assert rule.conditions[0].given == {"any": [batch.name]}


def test_the_cafe_s_printed_codes_were_scanned_and_nobody_got_further_than_a_scan_without_one(aroma):
    with tenancy.scope(aroma.id):
        came = figures_of(list(all_links()))
        assert any(link.stopped_at for link in all_links())
    hung = [each for each in came.values() if each.scans]
    assert len(hung) == 4
    assert all(each.scans >= each.opened >= each.joined >= each.bought for each in hung)


def test_the_cafe_s_codes_have_a_design_of_its_own_that_was_read_back(aroma):
    with tenancy.scope(aroma.id):
        saved = {kept.design.name: kept for kept in designs()}
    assert set(saved) == {"Comptoir", "Automne"}
    assert saved["Comptoir"].newest.status == "done"
    assert (saved["Comptoir"].default == 1) == saved["Comptoir"].newest.passed
    assert saved["Automne"].default is None


def test_the_cafe_has_rewards_of_which_some_are_within_mias_reach_and_one_is_a_draft(aroma):
    mia = queries.standing_of(Member.objects.get(name="Mia").id)
    costs = sorted(live_rewards().values_list("cost", flat=True))
    assert costs[0] <= mia.points
    assert [reward.names["en"] for reward in all_rewards().filter(status="draft")] == ["The Christmas box"]


@pytest.mark.parametrize(("slug", "members", "purchases"), [("aroma", 60, 600), ("bloom", 12, 60)])
def test_each_merchant_has_its_members_purchases_and_books_that_add_up(folder, slug, members, purchases):
    with tenancy.scope(Merchant.objects.get(slug=slug).id):
        assert Member.objects.count() == members
        assert abs(Purchase.objects.count() - purchases) <= purchases * 0.15
        assert queries.problems_in_books() == []
        assert Answer.objects.count() == Purchase.objects.count()
        assert Standing.objects.exclude(tier=None).count() == members


def test_history_sends_no_mail(aroma):
    waiting = set(Event.objects.values_list("name", flat=True))
    assert waiting.isdisjoint({"member.joined", "points.earned", "purchase.recorded", "tier.reached"})


def test_the_cast_has_proven_its_addresses(aroma):
    assert not Member.objects.filter(email_verified_at=None).exclude(email="").exists()


def test_days_are_counted(aroma):
    counted = DailyFigure.objects.all()
    assert sum(day.purchases for day in counted) == Purchase.objects.count()
    assert sum(day.joined for day in counted) == 60
    assert sum(day.spend_minor for day in counted) == sum(
        Purchase.objects.values_list("amount_minor", flat=True)
    )


def test_purchases_sort_by_when_they_happened(aroma):
    by_id = list(Purchase.objects.order_by("id").values_list("occurred_at", flat=True))
    assert by_id == sorted(by_id)


def test_mia_is_gold_with_about_1200_points_and_noah_is_new(aroma):
    mia, noah = (Member.objects.get(name=name) for name in ("Mia", "Noah"))
    standing = queries.standing_of(mia.id)
    assert (standing.points, standing.tier.name) == (1198, "Gold")
    assert queries.standing_of(noah.id).points == 50
    assert [line.kind for line in story_of(noah.id)] == ["award"]
    assert story_of(mia.id)[0].balance == 1198


def test_the_file_opens_every_door(folder, aroma):
    content = json.loads((folder / "demo.json").read_text())
    assert set(content) == KEYS
    assert stat.S_IMODE((folder / "demo.json").stat().st_mode) == 0o600
    assert (content["merchant"], content["currency"]) == ("aroma", "EUR")
    for login in (content["owner"], content["cashier"]):
        assert User.objects.get(email=login["email"]).check_password(login["password"])
    key = api_keys.read_key(content["api_key"])
    assert ApiKey.objects.get(secret_hash=key.secret_hash).revoked_at is None
    assert [member["name"] for member in content["members"]][:2] == ["Mia", "Noah"]
    assert len(content["members"]) == 22
    for member in content["members"]:
        assert member_queries.scanned(cards.read(member["card"], aroma)).name == member["name"]


def test_the_second_time_nothing_is_made(folder):
    before = (folder / "demo.json").read_text()
    with CaptureQueriesContext(connection) as asked:
        assert seed() == ""
    assert len(asked) < 12
    assert not [query for query in asked if query["sql"].startswith(("INSERT", "UPDATE"))]
    assert (folder / "demo.json").read_text() == before


def test_the_address_in_the_file_follows_the_house(folder):
    before = demo.read()
    seed(BASE_URL="http://127.0.0.1:8123")
    now = demo.read()
    assert now["base_url"] == "http://127.0.0.1:8123"
    assert now["members"][0]["card"].startswith("http://127.0.0.1:8123/q/")
    assert now["api_key"] == before["api_key"]
    seed()
    assert demo.read() == before


def test_a_lost_file_is_written_anew_with_new_keys_to_the_doors(folder):
    lost = demo.read()
    (folder / "demo.json").rename(folder / "aside.json")
    seed()
    found = demo.read()
    (folder / "aside.json").replace(folder / "demo.json")
    assert found["api_key"] != lost["api_key"]
    assert found["members"] == lost["members"]
    assert User.objects.get(email=cast.OWNER).check_password(found["owner"]["password"])


def test_production_gets_no_cast_unasked(db, tmp_path):
    with override_settings(SEED="none", DATA_DIR=tmp_path):
        call_command("seed")
    assert not User.objects.exists()
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_seed_leaves_nothing(db, tmp_path, monkeypatch):
    class Interrupted(Exception):
        pass

    def interrupt(self, what, done, of):
        if what == "Bloom: purchases":
            raise Interrupted

    monkeypatch.setattr("config.management.commands.seed.Command.show", interrupt)
    with pytest.raises(Interrupted), transaction.atomic():
        seed(DATA_DIR=tmp_path)
    assert not User.objects.exists()
    assert not Merchant.objects.exists()
    assert list(tmp_path.iterdir()) == []
