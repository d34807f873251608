"""Home: figures, what to do next, and the till live."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from analytics import rollups
from core import tenancy
from core.ids import new_id
from loyalty import earning, joining
from loyalty.opening import open_for_business
from members import cards
from tests.web.desk import HOME, desk_of, text_of, trips
from tests.world import signed_in


@pytest.fixture
def a_week_of_trade(world):
    """Two visits of Noah's today, one eight days ago; all counted."""
    now = timezone.now()
    for days in (0, 0, 8):
        order = earning.Order(
            who=cards.Scanned(member_id=world.noah.id),
            amount_minor=1200,
            channel="scanner",
            asked=[days, str(new_id())],
            location_id=world.croix_rousse.id,
            occurred_at=now - dt.timedelta(days=days),
        )
        earning.record_purchase(merchant=world.aroma, order=order, key=new_id())
    today = rollups.local_day(now, world.aroma)
    with tenancy.scope(world.aroma.id):
        rollups.rebuild(today - dt.timedelta(days=20), today)
    return world


def test_home_says_the_week_in_words_and_figures(a_week_of_trade):
    page = text_of(desk_of(a_week_of_trade).get(HOME))
    # Mia's three visits and Noah's two, against one in the week before.
    assert "4 more visits" in page
    assert "Today so far: 5 visits, €958." in page
    for label in ("Members", "Visits", "Spend", "Points given", "Points used"):
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
    order = earning.Order(
        who=cards.Scanned(member_id=world.noah.id), amount_minor=700, channel="scanner", asked=["again"]
    )
    earning.record_purchase(merchant=world.aroma, order=order, key=new_id())
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
    assert "What to do next" not in page


def test_a_name_is_text_and_never_markup(world):
    with tenancy.scope(world.aroma.id):
        joining.enrol_member(
            merchant=world.aroma, name="<script>alert(1)</script>", phone="+33611111111", source="join"
        )
    page = text_of(desk_of(world).get(HOME))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; joined" in page


def test_home_needs_few_trips(world):
    assert trips(desk_of(world), HOME) == 11
    assert trips(desk_of(world), f"{HOME}live/") == 8
