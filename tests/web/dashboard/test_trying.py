""" "Try it" on the programme's page: what every rule of the draft says to a purchase that nobody made."""

from core import tenancy
from loyalty.models import Purchase
from tests.web.dashboard.test_programme import PAGE
from tests.web.desk import desk_of, drafted, fill, rule_of, text_of

BASKET = {"amount": "12", "day": "2026-03-07", "clock": "10:30", "tier": "", "place": "", "card": ""}


def tried(world, **said: str) -> str:
    """What the page says to this basket, from the receipt on."""
    page = text_of(desk_of(world).post(f"{PAGE}trial/", BASKET | said))
    return page[page.index('id="tried"') : page.index("as members read it")]


def test_a_lunch_is_tried_for_the_highest_tier_from_the_start(world):
    assert "18 points" in text_of(desk_of(world).get(PAGE))


def test_a_basket_of_another_amount_and_tier_is_tried(world):
    silver = drafted(world.aroma).tiers[1]
    page = tried(world, amount="40", tier=silver.id)
    assert "40 × 1.25 (Silver)" in page
    assert "50 points" in page


def test_the_draft_is_what_is_tried_and_nothing_is_recorded(world):
    fill(desk_of(world), rule_of(world.aroma, "purchase"), amount="3")
    assert "36 points" in tried(world)
    with tenancy.scope(world.aroma.id):
        assert not Purchase.objects.filter(amount_minor=1200).exists()


def test_a_member_is_tried_as_they_stand(world):
    page = tried(world, card=world.mia_card.spoken_code)
    assert "Mia" in page
    assert "12 × 1.5 (Gold)" in page


def test_whoever_is_not_a_member_here_is_said_to_be_nobody(world):
    for card in (world.zoe_card.spoken_code, "nonsense", "+33699999999"):
        page = tried(world, card=card)
        assert 'id="try_card_error"' in page
        assert "Zoe" not in page


def test_what_cannot_be_read_stands_at_its_field(world):
    for name, value in {
        "amount": "many",
        "day": "yesterday",
        "clock": "25:00",
        "tier": "x",
        "place": "y",
    }.items():
        assert f'id="try_{name}_error"' in tried(world, **{name: value})


def test_a_day_in_which_a_clock_is_left_out_is_tried_all_the_same(world):
    assert "12 points" in tried(world, day="2026-03-29", clock="02:30")


def test_by_script_only_the_receipt_comes_back(world):
    client, silver = desk_of(world), drafted(world.aroma).tiers[1]
    said = BASKET | {"tier": silver.id}
    part = text_of(client.post(f"{PAGE}trial/", said, headers={"HX-Request": "true"}))
    assert "12 × 1.25 (Silver)" in part
    assert "How often a purchase counts" not in part


def test_a_number_typed_here_stands_in_no_address(world):
    page = text_of(desk_of(world).get(PAGE, BASKET | {"card": world.mia_card.spoken_code}))
    assert "Mia ·" not in page
    assert 'method="get"' not in page[page.index('id="try"') :]
