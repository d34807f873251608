"""Taking a reward on the card: set aside, shown as a code that runs out, handed over, let go."""

import datetime as dt
import re

import pytest
import time_machine
from django.utils import timezone

from core import tenancy
from core.ids import new_id
from loyalty.models import Unit
from loyalty.wording.numbers import say_day
from members import cards
from rewards.handing import capture_redemption
from rewards.models import Redemption
from rewards.redemption import release_redemption
from rewards.showing import read_taken, write_taken
from rewards.voiding import void_redemption
from rewards.vouchers import give_voucher, read_voucher
from tests.rewards.offering import offered
from tests.web.card.conftest import phone_of, words_of
from tests.web.card.test_card import code_in
from tests.world import points_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def cake(world):
    """At Aroma, for 300 points; there is one."""
    with tenancy.scope(world.aroma.id):
        return offered(name="Cake", unit_id=Unit.objects.get(code="points").id, cost=300, stock=1)


def form_of(phone, reward):
    """The key that the form carries."""
    page = phone.get(f"/c/aroma/rewards/{reward.id}").content.decode()
    return {"key": re.search(r'name="key" value="([^"]+)"', page)[1]}


def take(phone, reward, form=None):
    return phone.post(f"/c/aroma/rewards/{reward.id}/taking", form or form_of(phone, reward))


def taken_by(world, member):
    with tenancy.scope(world.aroma.id):
        return Redemption.objects.filter(member=member).order_by("-id")


def end(world, redemption, ending):
    with tenancy.scope(world.aroma.id):
        ending(merchant=world.aroma, redemption_id=redemption.id, key=new_id(), actor_id=None)


def test_taking_sets_aside_and_shows_a_code_that_names_it(world, cake, mias_phone):
    response = take(mias_phone, cake)
    with tenancy.scope(world.aroma.id):
        held = taken_by(world, world.mia).get()
    assert response.headers["Location"] == f"/c/aroma/taken/{held.id}"
    page = mias_phone.get(response.headers["Location"])
    assert read_taken(code_in(page), world.aroma) == held.id
    assert "Show this at the counter" in words_of(page)
    assert points_of(world.aroma, world.mia) == 900


def test_the_time_that_is_left_is_the_servers_and_the_same_after_a_reload(world, cake, mias_phone):
    with time_machine.travel(timezone.now(), tick=False) as now:
        path = take(mias_phone, cake).headers["Location"]
        assert 'data-left="600"' in mias_phone.get(path).content.decode()
        now.shift(dt.timedelta(minutes=4))
        page = mias_phone.get(path).content.decode()
        assert 'data-left="360"' in page
        assert ">6:00<" in page


def test_when_time_runs_out_the_page_says_so_and_the_points_are_back(world, cake, mias_phone):
    with time_machine.travel(timezone.now(), tick=False) as now:
        form = form_of(mias_phone, cake)
        path = take(mias_phone, cake).headers["Location"]
        assert mias_phone.get(path, headers=HTMX).status_code == 204
        now.shift(dt.timedelta(minutes=10))
        part = mias_phone.get(path, headers=HTMX)
        assert words_of(part).startswith("Time ran out Cake was set aside until")
        assert "Take it again" in words_of(part)
        assert "taken-modules" not in part.content.decode()
        assert points_of(world.aroma, world.mia) == 1200
        assert take(mias_phone, cake, form).headers["Location"].startswith("/c/aroma/taken/")


def test_what_was_handed_over_or_given_back_is_said_to_a_page_that_asks(world, cake, mias_phone):
    path = take(mias_phone, cake).headers["Location"]
    with tenancy.scope(world.aroma.id):
        held = taken_by(world, world.mia).get()
    end(world, held, capture_redemption)
    part = mias_phone.get(path, headers=HTMX)
    assert words_of(part) == "Cake Handed over. Enjoy it."
    assert "<html" not in part.content.decode()
    end(world, held, void_redemption)
    assert "Given back. 300 points are yours again." in words_of(mias_phone.get(path))


def test_letting_go_gives_the_points_back_and_the_last_one_to_others(world, cake, mias_phone):
    path = take(mias_phone, cake).headers["Location"]
    for _twice in range(2):
        said = words_of(mias_phone.post(f"{path}/release", follow=True))
        assert "Let go. 300 points are yours again." in said
    assert points_of(world.aroma, world.mia) == 1200
    with tenancy.scope(world.aroma.id):
        cake.refresh_from_db()
    assert cake.taken == 0


def test_what_was_handed_over_cannot_be_let_go(world, cake, mias_phone):
    path = take(mias_phone, cake).headers["Location"]
    with tenancy.scope(world.aroma.id):
        held = taken_by(world, world.mia).get()
    end(world, held, capture_redemption)
    assert "This cannot be done" in words_of(mias_phone.post(f"{path}/release", follow=True))
    assert points_of(world.aroma, world.mia) == 900


def test_a_form_that_is_sent_twice_takes_once(world, cake, mias_phone):
    form = form_of(mias_phone, cake)
    places = {take(mias_phone, cake, form).headers["Location"] for _twice in range(2)}
    assert len(places) == 1
    assert points_of(world.aroma, world.mia) == 900


def test_what_cannot_be_taken_leads_back_with_the_reason(world, cake, mias_phone):
    noahs_phone = phone_of(world.aroma, world.noah)
    form = form_of(mias_phone, cake)
    response = noahs_phone.post(f"/c/aroma/rewards/{cake.id}/taking", form, follow=True)
    assert response.redirect_chain[0][0] == f"/c/aroma/rewards/{cake.id}"
    assert points_of(world.aroma, world.noah) == 50
    for key in ({}, {"key": "x"}):
        assert mias_phone.post(f"/c/aroma/rewards/{cake.id}/taking", key).status_code == 404
    assert points_of(world.aroma, world.mia) == 1200


def test_nobody_sees_or_lets_go_what_another_took(world, cake, mias_phone):
    path = take(mias_phone, cake).headers["Location"]
    noahs_phone = phone_of(world.aroma, world.noah)
    assert noahs_phone.get(path).status_code == 404
    assert noahs_phone.post(f"{path}/release").status_code == 404
    assert points_of(world.aroma, world.mia) == 900


def test_a_phone_that_takes_all_day_is_stopped(world, cake, mias_phone):
    form = {"key": str(new_id())}
    for _more in range(20):
        assert take(mias_phone, cake, form).status_code == 302
    assert take(mias_phone, cake, form).status_code == 429


def test_a_code_of_a_taken_reward_is_no_card_and_a_card_is_no_reward(world, cake, mias_phone, client):
    take(mias_phone, cake)
    with tenancy.scope(world.aroma.id):
        held = taken_by(world, world.mia).get()
    text = write_taken(held, world.aroma)
    with pytest.raises(cards.CardUnreadable):
        cards.read(text, world.aroma)
    with pytest.raises(cards.CardForeign):
        read_taken(text, world.bloom)
    assert read_taken(f" {text.lower()} ", world.aroma) == held.id
    swapped = text[:-3] + ("B" if text[-3] == "A" else "A") + text[-2:]
    static, live = (
        cards.static_code(world.mia_card, world.aroma),
        cards.rotating_code(world.mia_card, world.aroma),
    )
    for other in (swapped, text[:-1], static, live, text + "A", "", "/Q/" + "1" * 47, "K7M42P"):
        assert read_taken(other, world.aroma) is None
    # Whoever opens it with a camera lands at the shop's door.
    assert client.get("/q/" + text.rpartition("/")[2]).headers["Location"] == "/c/aroma/join"


def test_a_reward_that_becomes_a_voucher_shows_its_code_and_its_last_day_and_no_clock(world, mias_phone):
    with tenancy.scope(world.aroma.id):
        unit = Unit.objects.get(code="points").id
        reward = offered(name="Brunch", unit_id=unit, cost=300, valid_days=30)
    assert "It becomes a voucher, which you may use for 30 days." in words_of(
        mias_phone.get(f"/c/aroma/rewards/{reward.id}")
    )
    page = mias_phone.get(take(mias_phone, reward).headers["Location"])
    with tenancy.scope(world.aroma.id):
        held = taken_by(world, world.mia).get()
        found = read_voucher(code_in(page), world.aroma)
    assert found.redemption.id == held.id
    said = words_of(page)
    assert found.code in said
    last_day = say_day(found.last_on.isoformat(), "en")
    assert f"A voucher: use it until {last_day}, once." in said
    assert "data-left" not in page.content.decode()
    assert f"Brunch Voucher, until {last_day}" in words_of(mias_phone.get("/c/aroma/rewards"))


def test_a_voucher_that_was_given_says_how_it_ended_and_promises_no_units(world, mias_phone):
    with tenancy.scope(world.aroma.id):
        unit = Unit.objects.get(code="points").id
        given = give_voucher(offered(name="Brunch", unit_id=unit, cost=300), world.mia, world.aroma)
    path = f"/c/aroma/taken/{given.id}"
    with time_machine.travel(given.held_until, tick=False):
        late = words_of(mias_phone.get(path))
    assert "Brunch This ran out: its last day was " in late
    with tenancy.scope(world.aroma.id):
        release_redemption(merchant=world.aroma, redemption_id=given.id, key=new_id(), actor_id=None)
    stopped = words_of(mias_phone.get(path))
    assert "Brunch This does not count any more: it was let go on " in stopped
    for said in (late, stopped):
        assert "yours again" not in said
        assert "Take it again" not in said
