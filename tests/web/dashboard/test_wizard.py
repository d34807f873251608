"""The wizard: from a trade to the poster, a step at a time; each saves, each can be skipped and come back to."""

import datetime as dt
import re

import pytest

from analytics.aims import open_aim
from core import tenancy
from loyalty.gallery.shelf import TEMPLATES
from loyalty.programme.versions import version_in_force
from rewards import planning
from rewards.catalogue import live_rewards
from tests.web.desk import drafted, text_of, trips
from tests.world import signed_in

START = "/dashboard/le-fournil/start/"
NUMBERS = {"basket": "8", "visits": "6", "margin": "60", "quarter": "60000", "gift": "0.90", "price": "5"}
BY = dt.date.today() + dt.timedelta(days=60)
NUMBERS |= {"kind": "members", "target": "120", "by": BY.isoformat()}


def take(client, code, revision=0):
    """Take a template as from a page that had read this revision of the draft: at first there is none."""
    return client.post(f"{START}programme/", {"template": code, "revision": revision})


def read(client, step):
    """What the page of that step has read, as it is sent with what is typed there."""
    found = re.findall(r'name="(revision|promised)" value="(\w+)"', text_of(client.get(f"{START}{step}/")))
    return dict(found)


def open_it(client):
    return client.post(f"{START}poster/", read(client, "poster"), follow=True)


def test_every_programme_of_the_gallery_is_there_and_those_of_the_trade_come_first(lea):
    page = text_of(lea.get(f"{START}programme/"))
    places = [page.index(f'id="{one.code}"') for one in TEMPLATES]
    suits = [place for place, one in zip(places, TEMPLATES, strict=True) if "bakery" in one.trades]
    others = [place for place, one in zip(places, TEMPLATES, strict=True) if "bakery" not in one.trades]
    assert max(suits) < min(others)


@pytest.mark.parametrize("one", TEMPLATES, ids=lambda one: one.code)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_opens_with_its_sentences_and_the_card(lea, one, language):
    page = text_of(
        lea.get(f"{START}programme/", {"template": one.code}, headers={"Accept-Language": language})
    )
    assert f'value="{one.code}"' in page
    assert 'class="told"' in page
    assert "phone__ticket" in page


def test_a_template_is_taken_as_a_draft_and_nothing_counts_yet(lea, fournil):
    assert take(lea, "bakery-visits")["Location"] == f"{START}numbers/"
    assert [unit.code for unit in drafted(fournil).units] == ["stamps", "pastries"]
    with tenancy.scope(fournil.id):
        assert version_in_force().number == 1


@pytest.mark.parametrize("seen", [{"revision": "0"}, {}])
def test_a_template_does_not_overwrite_a_draft_that_the_page_did_not_show(lea, fournil, seen):
    """Two tabs, or two colleagues: whoever opened the gallery first learns that there is a draft now."""
    take(lea, "bakery-visits")
    before = drafted(fournil)
    response = lea.post(f"{START}programme/", {"template": "cafe-stamps"} | seen, follow=True)
    assert "has changed the draft meanwhile" in text_of(response)
    assert drafted(fournil) == before
    take(lea, "cafe-stamps", **read(lea, "programme"))
    assert drafted(fournil) != before


def test_what_is_no_template_changes_nothing(lea, fournil):
    assert take(lea, "ponzi")["Location"] == f"{START}programme/"
    with tenancy.scope(fournil.id):
        assert planning.plan_of() is None


def test_numbers_are_reckoned_while_they_are_typed(lea):
    take(lea, "bakery-visits")
    page = text_of(lea.get(f"{START}numbers/", NUMBERS, headers={"HX-Request": "true"}))
    assert "At this rate a regular reaches the first reward on visit 5." in page
    assert "<html" not in page
    assert "5 stamps ÷ 1 stamp" in page
    assert "€200 to €600 a month" in page  # 1 to 3 % of 60,000 ÷ 3


def test_a_reward_that_no_purchase_leads_to_is_not_reckoned_with(lea, fournil):
    """A gift for the birthday: what a purchase gives are points."""
    take(lea, "beauty-tiers")
    page = text_of(lea.get(f"{START}numbers/"))
    assert "A purchase of €8 gives 8 points." in page
    assert 'name="price"' not in page
    lea.post(f"{START}numbers/", NUMBERS)
    open_it(lea)
    with tenancy.scope(fournil.id):
        assert [(reward.names["en"], reward.cost) for reward in live_rewards()] == [("A gift", 1)]


def test_more_than_a_budget_is_said_with_the_price_at_which_it_is_one(lea):
    take(lea, "points-per-spend")
    page = text_of(lea.get(f"{START}numbers/", NUMBERS | {"gift": "5", "price": "100"}))
    # €8 give 40 points, worth €2: a quarter. 500 × 40 ÷ (800 × 3 %) = 833.3
    assert "This gives back 25% of what members spend" in page
    assert "From 834 points on it is 3%." in page


def test_the_goal_is_set_with_the_numbers_and_stands_on_home(lea, fournil):
    page = text_of(lea.get(f"{START}numbers/"))
    # €60,000 ÷ (€8 × 6 × 3) are 416 regulars, and one in four of them about 100.
    assert 'name="target" value="100"' in page
    lea.post(f"{START}numbers/", NUMBERS)
    assert "0 of 120" in text_of(lea.get("/dashboard/le-fournil/"))


def test_a_goal_of_a_day_that_is_over_is_refused_and_the_numbers_wait_for_it(lea, fournil):
    response = lea.post(f"{START}numbers/", NUMBERS | {"by": "2020-01-01"})
    assert response.status_code == 422
    assert 'id="aim_by_error"' in text_of(response)
    with tenancy.scope(fournil.id):
        assert planning.plan_of() is None
        assert open_aim() is None


def test_without_a_number_no_goal_is_set(lea, fournil):
    assert lea.post(f"{START}numbers/", NUMBERS | {"target": ""}).status_code == 302
    with tenancy.scope(fournil.id):
        assert open_aim() is None


REFUSED = {
    "basket": ["", "0", "a lot", "-3", "9999999999"],
    "visits": ["", "0", "101", "2.5"],
    "margin": ["0", "101", ""],
    "quarter": ["0", "x"],
    "gift": ["", "x"],
    "price": ["", "0", "1000001", "x"],
}


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in REFUSED.items() for value in values]
)
def test_what_cannot_be_is_said_at_its_field(lea, fournil, field, value):
    take(lea, "bakery-visits")
    response = lea.post(f"{START}numbers/", NUMBERS | {field: value})
    assert response.status_code == 422
    assert f'id="numbers_{field}_error"' in text_of(response)
    with tenancy.scope(fournil.id):
        plan = planning.plan_of()
        assert plan is not None
        assert plan.basket_minor == 0


def test_opening_puts_rules_tiers_and_rewards_in_force_in_one_act(lea, fournil):
    take(lea, "bakery-visits")
    lea.post(f"{START}numbers/", NUMBERS | {"price": "6"})
    page = text_of(open_it(lea))
    assert "The programme is open." in page
    assert "sheet__paper" in page
    with tenancy.scope(fournil.id):
        assert version_in_force().number == 2
        assert [(reward.names["en"], reward.cost) for reward in live_rewards()] == [
            ("A muffin", 6),
            ("A surprise pastry", 1),
        ]


def test_rewards_are_opened_for_the_price_that_the_page_showed_and_for_no_other(lea, fournil):
    """Two tabs: one shows what will be in force, the other sets another price, which is no change of the draft."""
    take(lea, "bakery-visits")
    lea.post(f"{START}numbers/", NUMBERS)
    seen = read(lea, "poster")
    lea.post(f"{START}numbers/", NUMBERS | {"price": "77"})
    for said in (seen, seen | {"promised": ""}):
        page = text_of(lea.post(f"{START}poster/", said, follow=True))
        assert "What it brings members was changed meanwhile" in page
        with tenancy.scope(fournil.id):
            assert version_in_force().number == 1
            assert not live_rewards().exists()
    assert "The programme is open." in text_of(open_it(lea))
    with tenancy.scope(fournil.id):
        assert 77 in [reward.cost for reward in live_rewards()]


def test_opening_twice_is_opening_once(lea, fournil):
    take(lea, "cafe-stamps")
    seen = read(lea, "poster")
    for _press in range(2):
        response = lea.post(f"{START}poster/", seen, follow=True)
    assert "sheet__paper" in text_of(response)
    with tenancy.scope(fournil.id):
        assert version_in_force().number == 2
        assert live_rewards().count() == 1


@pytest.mark.parametrize("seen", ["77", "", "-1", "x", None])
def test_a_draft_that_changed_meanwhile_or_that_nobody_saw_is_not_opened(lea, fournil, seen):
    take(lea, "cafe-stamps")
    said = {"promised": read(lea, "poster")["promised"]} | ({} if seen is None else {"revision": seen})
    response = lea.post(f"{START}poster/", said, follow=True)
    assert "has changed the draft meanwhile" in text_of(response)
    with tenancy.scope(fournil.id):
        assert version_in_force().number == 1


def test_it_goes_on_where_it_was_left(lea):
    assert lea.get(START)["Location"] == f"{START}programme/"
    take(lea, "cafe-stamps")
    lea.post(f"{START}numbers/", NUMBERS)
    assert lea.get(START)["Location"] == f"{START}tiers/"


def test_the_colour_is_kept_on_the_way(lea, fournil):
    assert lea.post(f"{START}look/", {"brand_colour": "#c0392b"})["Location"] == f"{START}poster/"
    fournil.refresh_from_db()
    assert fournil.brand_colour == "#c0392b"
    assert lea.post(f"{START}look/", {"brand_colour": "red-ish"}).status_code == 422


def test_a_shop_that_scans_already_is_not_set_up_again_by_home(world):
    client = signed_in(world.olivia)
    client.post("/dashboard/aroma/start/programme/", {"template": "cafe-stamps"})
    assert "Finish setting up" not in text_of(client.get("/dashboard/aroma/"))
    assert "Start again from a template" in text_of(client.get("/dashboard/aroma/programme/"))


def test_finished_it_is_not_asked_for_again(lea):
    take(lea, "cafe-stamps")
    lea.post(f"{START}leave/", {"finished": "1"})
    assert "Finish setting up" not in text_of(lea.get("/dashboard/le-fournil/"))


def test_leaving_it_for_another_day_loses_nothing(lea, fournil):
    take(lea, "cafe-stamps")
    assert lea.post(f"{START}leave/")["Location"] == "/dashboard/le-fournil/"
    assert "Finish setting up" in text_of(lea.get("/dashboard/le-fournil/"))
    assert lea.get(START)["Location"] == f"{START}numbers/"
    assert [unit.code for unit in drafted(fournil).units] == ["stamps"]


@pytest.mark.parametrize("step", ["programme", "numbers", "tiers", "look", "poster", "scan"])
def test_a_step_asks_the_database_twelve_times_at_most(lea, step):
    take(lea, "beauty-tiers")
    made = trips(lea, f"{START}{step}/")
    print(f"\n{step}: {made}")
    assert made <= 12


@pytest.mark.parametrize("step", ["", "programme/", "numbers/", "tiers/", "look/", "poster/", "scan/"])
def test_a_cashier_sets_nothing_up(world, step):
    assert signed_in(world.sam).get(f"/dashboard/aroma/start/{step}").status_code == 403
    assert signed_in(world.petra).get(f"/dashboard/aroma/start/{step}").status_code == 404
