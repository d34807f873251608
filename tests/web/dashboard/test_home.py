"""Home: figures, what to do next, and the till live."""

import datetime as dt
import re
from html import unescape

import pytest
from django.utils import timezone

from analytics import kpis, rollups
from analytics.aims import set_aim
from core import tenancy
from core.ids import new_id
from loyalty.membership import joining
from loyalty.models import Standing
from loyalty.programme.opening import open_for_business
from loyalty.programme.versions import version_in_force
from loyalty.purchases import earning, history, queries
from loyalty.rules.calendar import local_day
from members import cards
from merchants.models import Location, Merchant
from tests.web.desk import HOME, desk_of, manager_of, text_of, trips
from tests.world import signed_in
from web.dashboard.figures import one_location


@pytest.fixture
def a_week_of_trade(world):
    """Two visits of Noah's today, one eight days ago; all counted."""
    now = timezone.now()
    for days in (0, 0, 8):
        bought = earning.NewPurchase(
            who=cards.Scanned(member_id=world.noah.id),
            amount_minor=1200,
            channel="scanner",
            asked=[days, str(new_id())],
            location_id=world.croix_rousse.id,
            occurred_at=now - dt.timedelta(days=days),
        )
        earning.record_purchase(merchant=world.aroma, bought=bought, key=new_id())
    today = local_day(now, world.aroma.time_zone)
    with tenancy.scope(world.aroma.id):
        rollups.rebuild(today - dt.timedelta(days=20), today)
    return world


def test_home_says_the_week_in_words_and_figures(a_week_of_trade):
    page = text_of(desk_of(a_week_of_trade).get(HOME))
    # Mia's three visits and Noah's two, against one in the week before.
    assert "4 more visits" in page
    assert "5 scans today, €958" in page
    for label in ("Members", "Visits", "Came back", "Points given", "Points used"):
        assert f">{label}<" in page
    assert "Members by tier" in page


def test_home_speaks_french(a_week_of_trade):
    page = text_of(desk_of(a_week_of_trade).get(HOME, headers={"Accept-Language": "fr"}))
    assert "958\u202f€" in page or "958\xa0€" in page


def test_the_till_shows_who_bought_and_why_it_gave_what_it_gave(a_week_of_trade):
    page = text_of(desk_of(a_week_of_trade).get(HOME))
    assert "Noah" in page
    assert "12 for €12.00" in page
    assert "+12" in page


def test_the_till_is_fetched_again_only_when_something_happened(world):
    client = desk_of(world)
    live = client.get(f"{HOME}live/", headers={"HX-Request": "true"})
    seen = re.search(r"live/\?seen=([0-9a-f]+)", text_of(live)).group(1)
    assert "<html" not in text_of(live)
    assert client.get(f"{HOME}live/?seen={seen}").status_code == 204
    bought = earning.NewPurchase(
        who=cards.Scanned(member_id=world.noah.id), amount_minor=700, channel="scanner", asked=["again"]
    )
    earning.record_purchase(merchant=world.aroma, bought=bought, key=new_id())
    again = client.get(f"{HOME}live/?seen={seen}")
    assert again.status_code == 200
    assert "7 for €7.00" in text_of(again)


def test_a_new_merchant_is_told_what_to_do_next(world):
    open_for_business(owner=world.petra, name="Petal", location_name="Ost")
    page = text_of(signed_in(world.petra).get("/dashboard/petal/"))
    for step in ("Add your tiers", "Print the poster", "Make the first scan"):
        assert step in page
    assert "Everything is ready for your first member." in page
    assert "The first scan will appear here." in page


def test_what_is_done_is_not_asked_again(world):
    page = text_of(desk_of(world).get(HOME))
    for step in ("Add your tiers", "Print the poster", "Make the first scan", "Invite your team", "missing"):
        assert step not in page
    assert "Add your logo" in page
    with tenancy.scope(world.aroma.id):
        Merchant.objects.filter(id=world.aroma.id).update(logo_digest="abc")
        Location.objects.update(hours=[[[480, 1080]]] * 7)
        soon = timezone.localdate() + dt.timedelta(days=2)
        set_aim(merchant=world.aroma, kind="members", target=9, by=soon, actor=None)
    assert "What to do next" not in text_of(desk_of(world).get(HOME))


def came(merchant, member, *, days_ago):
    """A purchase so many days ago."""
    past = history.PastPurchase(member.id, 100, timezone.now() - dt.timedelta(days=days_ago))
    with tenancy.scope(merchant.id):
        assert sum(history.record_history(merchant=merchant, purchases=[past])) == 1


def test_missing_regulars_are_named_with_the_way_to_their_list(world):
    with tenancy.scope(world.aroma.id):
        Standing.objects.filter(member=world.mia).update(
            last_purchase_at=timezone.now() - dt.timedelta(days=31)
        )
        gold = version_in_force().tiers[-1].id
    page = text_of(desk_of(world).get(HOME))
    assert "1 Gold member is missing" in page
    href = f"{HOME}members/?activity=missing&amp;tier={gold}"
    assert f'href="{href}"' in page
    there = text_of(desk_of(world).get(unescape(href)))
    assert ">Mia<" in there
    assert ">Noah<" not in there


def test_who_never_came_is_told_once_they_are_several(world):
    assert "never come" not in text_of(desk_of(world).get(HOME))
    with tenancy.scope(world.aroma.id):
        for number in range(4):
            joining.enrol_member(
                merchant=world.aroma, name="Guest", phone=f"+3361200000{number}", source="join"
            )
    page = text_of(desk_of(world).get(HOME))
    assert "5 members have never come" in page
    assert f'href="{HOME}members/?activity=never"' in page


def test_who_owns_alone_is_told_to_invite_and_a_manager_is_not(world):
    assert "Invite your team" in text_of(signed_in(world.petra).get("/dashboard/bloom/"))
    assert "Invite your team" not in text_of(signed_in(manager_of(world.aroma)).get(HOME))


def test_too_few_visitors_make_no_share(a_week_of_trade):
    page = text_of(desk_of(a_week_of_trade).get(HOME))
    assert "Not enough visits yet" in page
    assert "had come in the month before" not in page


def test_came_back_is_the_share_of_visitors_who_had_come_in_the_thirty_days_before(world):
    with tenancy.scope(world.aroma.id):
        guests = [
            joining.enrol_member(
                merchant=world.aroma, name="Guest", phone=f"+336120000{number:02}", source="join",
                joined_at=timezone.now() - dt.timedelta(days=60),
            ).member
            for number in range(23)
        ]  # fmt: skip
    for guest in guests[:20]:
        came(world.aroma, guest, days_ago=1)
    for guest in guests[:4]:
        came(world.aroma, guest, days_ago=20)  # back within thirty days
    came(world.aroma, guests[4], days_ago=40)  # too long ago
    came(world.aroma, guests[5], days_ago=1)  # twice on one day is no coming back
    today = local_day(timezone.now(), world.aroma.time_zone)
    with tenancy.scope(world.aroma.id):
        rollups.rebuild(today - dt.timedelta(days=60), today)
        figures = kpis.home_figures(world.aroma)
    # Mia came today for the first time.
    assert (figures.period.visitors, figures.period.returned) == (21, 4)
    page = text_of(desk_of(world).get(HOME))
    assert "19%" in page
    assert "Of 100 who came, 19 had come in the month before." in page
    assert "19\u202f%" in text_of(desk_of(world).get(HOME, headers={"Accept-Language": "fr"}))


def test_four_weeks_are_seen_as_four_weeks(a_week_of_trade):
    page = text_of(desk_of(a_week_of_trade).get(HOME, {"days": "28"}))
    assert "Four good weeks" in page
    assert "Visits with a card, by week" in page
    assert "Last 28 days" in page
    assert "Visits with a card, by day" in text_of(desk_of(a_week_of_trade).get(HOME, {"days": "1000000"}))


def test_the_till_says_where_when_it_is_one_place(a_week_of_trade):
    assert "receipt__aside" not in text_of(desk_of(a_week_of_trade).get(HOME))  # Mia's were made nowhere
    with tenancy.scope(a_week_of_trade.aroma.id):
        lines = queries.latest_purchases(2)
    assert one_location(lines) == "Croix-Rousse"


def test_a_name_is_text_and_never_markup(world):
    with tenancy.scope(world.aroma.id):
        joining.enrol_member(
            merchant=world.aroma, name="<script>alert(1)</script>", phone="+33611111111", source="join"
        )
    page = text_of(desk_of(world).get(HOME))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; joined" in page


def test_home_needs_few_trips(world):
    assert trips(desk_of(world), HOME) == 12
    assert trips(desk_of(world), f"{HOME}live/") == 10
