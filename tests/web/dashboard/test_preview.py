"""What is typed on the programme's page, seen before it is saved: the card, the receipt, and what it would do."""

import pytest

from core import tenancy
from loyalty.models import Tier
from loyalty.programme import versions
from tests.web.dashboard.test_programme import version_of
from tests.web.dashboard.test_tiers import row, tier_of
from tests.web.desk import HOME, desk_of, publish, rule_of, text_of, trips
from tests.world import signed_in

PREVIEW = f"{HOME}programme/preview/"


def previewed(world, *forms: dict[str, str], client=None) -> str:
    """The part that comes back for what is typed."""
    typed = {name: value for form in forms for name, value in form.items()}
    return text_of((client or desk_of(world)).post(PREVIEW, typed, headers={"HX-Request": "true"}))


def changed_tiers(page: str) -> int:
    """How many rows of the card's ladder lie on the wash."""
    return page.count('<li class="is-changed">')


def test_what_is_typed_stands_on_the_card_and_nothing_is_saved(world):
    silver = tier_of(world.aroma, "Silver")
    page = previewed(world, row(silver, "Argent", "150", "1.4"))
    assert "Argent" in page
    assert "from €150" in page
    assert "× 1.4" in page
    assert changed_tiers(page) == 1
    assert version_of(world.aroma) == 2
    assert tier_of(world.aroma, "Silver").threshold_minor == 25_000


def test_the_rows_and_the_sentences_are_seen_together(world):
    silver, gold = tier_of(world.aroma, "Silver"), tier_of(world.aroma, "Gold")
    page = previewed(
        world,
        row(silver, "Silver", "150", "1.25"),
        row(gold, "Gold", "500", "2"),
        {"rule": rule_of(world.aroma, "purchase").id, "blank": "amount", "amount": "3", "name": "Aroma"},
    )
    assert changed_tiers(page) == 2
    assert "3 points per €1" in page
    assert "+72" in page  # €12, three points each, twice


def test_what_cannot_be_read_stays_as_it_was(world):
    silver, rule = tier_of(world.aroma, "Silver"), rule_of(world.aroma, "purchase").id
    page = previewed(world, row(silver, "", "many", "99"), {"rule": rule, "blank": "amount", "amount": "-1"})
    assert changed_tiers(page) == 0
    assert "1 point per €1" in page
    assert "would move" not in page


@pytest.mark.parametrize(
    ("threshold", "words"),
    [
        ("100", "Silver was €250: nobody would move"),
        ("0.5", "Silver was €250: 1 member would move up"),
        ("400", "Silver was €250: nobody would move"),
    ],
)
def test_the_consequence_is_counted_before_saving(world, threshold, words):
    with tenancy.scope(world.aroma.id):
        from loyalty.models import Standing

        Standing.objects.filter(member_id=world.noah.id).update(progress_minor=60)
    assert words in previewed(world, row(tier_of(world.aroma, "Silver"), "Silver", threshold, "1.25"))


def test_what_was_foretold_comes_true(world):
    client, bronze = desk_of(world), tier_of(world.aroma, "Bronze")
    new = {"new-name": "Friend", "new-threshold": "0", "new-multiplier": "1"}
    client.post(f"{HOME}programme/tiers/{bronze.id}/removal/")
    publish(client)
    assert "Friend is new: 1 member would move up" in previewed(world, new, client=client)
    client.post(f"{HOME}programme/tiers/", new)
    publish(client)
    with tenancy.scope(world.aroma.id):
        from loyalty.models import Standing

        assert Standing.objects.get(member_id=world.noah.id).tier_id == Tier.objects.get(name="Friend").id


def test_the_card_speaks_the_shops_language_and_the_consequence_the_readers(world):
    desk_of(world).post(f"{HOME}settings/", {"name": "Aroma", "trade": "cafe", "locale": "fr", "time_zone": "Europe/Paris"})  # fmt: skip
    page = previewed(world, row(tier_of(world.aroma, "Silver"), "Argent", "150", "1,4"))
    assert "1\u202f218" in page
    assert "dès 150\u00a0€" in page
    assert "nobody would move" in page


def test_a_name_that_holds_markup_stays_text(world):
    page = previewed(world, row(tier_of(world.aroma, "Silver"), "<img src=x>", "250", "1.25"))
    assert "&lt;img src=x&gt;" in page
    assert "<img src=x" not in page


def test_nobody_else_looks(world):
    assert signed_in(world.petra).post(PREVIEW).status_code == 404
    assert signed_in(world.sam).post(PREVIEW).status_code == 403


def test_another_shops_tier_is_not_read(world):
    bud = tier_of(world.bloom, "Bud")
    assert "Stolen" not in previewed(world, row(bud, "Stolen", "1", "9"))


def test_opened_by_hand_it_leads_to_the_page(world):
    assert desk_of(world).get(PREVIEW)["Location"] == f"{HOME}programme/"


def test_the_page_still_needs_few_trips(world):
    with tenancy.scope(world.aroma.id):
        versions.version_in_force()
    assert trips(desk_of(world), f"{HOME}programme/") == 10


def test_the_card_is_seen_as_a_member_of_each_tier(world):
    page = text_of(desk_of(world).get(f"{HOME}programme/"))
    stage = page[page.index('id="stage"') :]
    assert [f"<option>Mia, {name}</option>" in stage for name in ("Gold", "Silver", "Bronze")] == [True] * 3
    assert "Gold from €500" in stage  # what is next in Silver


def test_a_challenge_stands_on_the_card_as_stamps(world):
    client = desk_of(world)
    assert "stamp-card" not in text_of(client.get(f"{HOME}programme/")).replace("stamp_card.css", "")
    client.post(f"{HOME}programme/rules/borrowed/", {"ready": "challenge"})
    page = text_of(client.get(f"{HOME}programme/"))
    assert "1 more visit this month: 15 points" in page
    assert page.count("stamp-card__stamp--inked") == 2
