"""The ladder in the wizard: begun where a regular reaches it, named and placed in one form, or left out."""

import re

import pytest

from core import tenancy
from loyalty.programme.drafting import discard_draft
from tests.web.dashboard.test_wizard import NUMBERS, START, read, take
from tests.web.desk import drafted, text_of


def begin_ladder(client, **more):
    return client.post(f"{START}tiers/ladder/", read(client, "tiers") | more, follow=True)


def send_tiers(client, fields):
    return client.post(f"{START}tiers/", read(client, "tiers") | fields)


def tiers_of(fournil, **more):
    fields = {}
    for tier in drafted(fournil).tiers:
        fields |= {f"tier-{tier.id}-name": tier.name, f"tier-{tier.id}-multiplier": "1"}
        fields[f"tier-{tier.id}-threshold"] = more.get(tier.name, str(tier.threshold_minor // 100))
    return fields


def test_tiers_begin_where_a_regular_reaches_them(lea, fournil):
    take(lea, "bakery-visits")
    lea.post(f"{START}numbers/", NUMBERS)
    begin_ladder(lea)
    # €8 × 6 × 12 = €576: half of it 288, about 300, and all of it about 600.
    assert [tier.threshold_minor for tier in drafted(fournil).tiers] == [0, 30_000, 60_000]
    page = text_of(lea.get(f"{START}tiers/"))
    assert "€8 × 6 visits × 12 months = €576 a year" in page
    assert "A regular reaches it on visit 38, within 7 months." in page  # 300 ÷ 8 = 37.5; 38 ÷ 6 = 6.3


def test_tiers_are_named_and_placed_in_one_form(lea, fournil):
    begin_ladder(lea)
    send_tiers(lea, tiers_of(fournil, Silver="500", Gold="300"))
    assert [(tier.name, tier.threshold_minor) for tier in drafted(fournil).tiers] == [
        ("Bronze", 0), ("Gold", 30_000), ("Silver", 50_000),
    ]  # fmt: skip


def test_two_tiers_at_one_amount_are_refused_at_the_field_and_the_draft_stays(lea, fournil):
    begin_ladder(lea)
    before = drafted(fournil)
    response = send_tiers(lea, tiers_of(fournil, Silver="500", Gold="500"))
    assert response.status_code == 422
    assert "Another tier begins at this amount" in text_of(response)
    assert drafted(fournil) == before


def test_a_programme_without_tiers_is_one_press_away(lea, fournil):
    begin_ladder(lea)
    begin_ladder(lea, without="1")
    assert drafted(fournil).tiers == ()


def test_tiers_that_changed_meanwhile_are_not_overwritten(lea, fournil):
    """Two tabs: what was set in one is not set back by the other, which shows what was before."""
    begin_ladder(lea)
    seen, fields = read(lea, "tiers"), tiers_of(fournil)
    send_tiers(lea, tiers_of(fournil, Silver="500", Gold="900"))
    before = drafted(fournil)
    for said in (seen, {}):
        response = lea.post(f"{START}tiers/", fields | said, follow=True)
        assert "has changed the draft meanwhile" in text_of(response)
        refused = lea.post(f"{START}tiers/ladder/", {"without": "1"} | said, follow=True)
        assert "has changed the draft meanwhile" in text_of(refused)
    assert drafted(fournil) == before


@pytest.mark.parametrize("field", ["name", "nothing"])
def test_pressed_again_the_other_tab_sets_nothing_back_either(lea, fournil, field):
    """It shows what the draft says now, and not what was typed, also where that cannot be: whoever presses again agrees."""
    begin_ladder(lea)
    seen, fields = read(lea, "tiers"), tiers_of(fournil)
    gold = drafted(fournil).tiers[-1]
    send_tiers(lea, tiers_of(fournil, Silver="500", Gold="900"))
    before = drafted(fournil)
    page = text_of(lea.post(f"{START}tiers/", fields | {f"tier-{gold.id}-{field}": ""} | seen, follow=True))
    assert "has changed the draft meanwhile" in page
    shown = dict(re.findall(r'name="(tier-[^"]+|revision)"[^>]*? value="([^"]*)"', page))
    assert shown[f"tier-{gold.id}-threshold"] == "900"
    lea.post(f"{START}tiers/", shown)
    assert drafted(fournil) == before


def test_tiers_that_are_gone_meanwhile_are_told_of_and_not_set(lea, fournil):
    """Two tabs: one says "Without tiers", or throws the draft away; the other still shows three and says "Next"."""
    begin_ladder(lea)
    seen, fields = read(lea, "tiers"), tiers_of(fournil)
    begin_ladder(lea, without="1")
    response = lea.post(f"{START}tiers/", fields | seen, follow=True)
    assert "has changed the draft meanwhile" in text_of(response)
    assert drafted(fournil).tiers == ()
    with tenancy.scope(fournil.id):
        discard_draft()
    response = lea.post(f"{START}tiers/", fields | seen, follow=True)
    assert "There is no draft." in text_of(response)
