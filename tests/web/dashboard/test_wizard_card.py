"""The card beside the wizard's steps: what one comes by under the programme, and what there is to take."""

from tests.web.dashboard.test_wizard import START, take
from tests.web.desk import text_of


def test_the_card_beside_a_template_has_what_one_comes_by_and_its_rewards(lea):
    page = text_of(lea.get(f"{START}programme/", {"template": "salon-gold"}))
    assert "3 treatments" in page
    assert "1,218 treatments" not in page
    card = page[page.index("phone__rewards") :]
    assert "A treatment" in card
    assert "1 treatment" in card


def test_the_card_of_a_programme_of_stamps_says_how_to_earn_stamps(lea):
    page = text_of(lea.get(f"{START}programme/", {"template": "cafe-stamps"}))
    assert "How to earn stamps" in page
    assert "How to earn points" not in page


def test_the_card_of_a_step_has_the_rewards_that_come_with_the_programme(lea):
    take(lea, "bakery-visits")
    page = text_of(lea.get(f"{START}tiers/"))
    assert "A muffin" in page[page.index("phone__rewards") :]


def test_a_reward_that_only_a_tier_leads_to_is_not_reckoned_from_a_plain_purchase(lea):
    take(lea, "salon-gold")
    page = text_of(lea.get(f"{START}numbers/"))
    assert "0 treatments" not in page
    assert "gives 8 points." in page
    assert "The first reward" not in page
