"""How the programme works, on the card: rules and tiers in force, and what changed, in the member's language."""

import datetime as dt
from dataclasses import replace

from core import tenancy
from core.ids import new_id
from loyalty.programme import drafting, versions
from loyalty.programme.publishing import change_programme
from loyalty.rules import editing
from loyalty.rules.types import Condition
from tests.loyalty.happenings.test_greeting import flat
from tests.web.desk import text_of
from web.dashboard.sentences.offering import new_rule

PAGE = "/c/aroma/programme"


def publish(world, name, **more):
    with tenancy.scope(world.aroma.id):
        drafting.change_draft(
            merchant=world.aroma, change=lambda version: editing.renamed(version, name), actor=None
        )
        return drafting.publish_draft(merchant=world.aroma, actor=None, **more)


def test_it_says_how_to_earn_and_which_tier_is_mine(mias_phone, world):
    page = text_of(mias_phone.get(PAGE))
    for words in (
        "1 point per €1",
        "50 points on joining",
        "from €250",
        "points × 1.5",
        "yours",
        "The programme begins.",
    ):
        assert words in page, words
    assert 'href="/c/aroma/programme"' in text_of(mias_phone.get("/c/aroma/"))


def test_what_changed_and_what_is_to_come_stand_with_their_notes(mias_phone, world):
    publish(world, "Carte <A>", note="A name of our own")
    publish(world, "Carte B", at=dt.date.today() + dt.timedelta(days=40))
    page = text_of(mias_phone.get(PAGE))
    assert "A name of our own" in page
    assert "“Carte &lt;A&gt;” instead of “Aroma”" in page
    assert "“Carte B” instead of “Carte &lt;A&gt;”" in page
    assert "From " in page


def test_what_was_taken_back_or_is_a_draft_is_nobodys_business(mias_phone, world):
    planned = publish(world, "Secret plan", at=dt.date.today() + dt.timedelta(days=40))
    assert "Secret plan" in text_of(mias_phone.get(PAGE))
    with tenancy.scope(world.aroma.id):
        drafting.withdraw_version(merchant=world.aroma, number=planned.number, actor=None)
        assert versions.version_in_force().name == "Aroma"
    assert "Secret plan" not in text_of(mias_phone.get(PAGE))


def test_it_speaks_the_members_language(mias_phone, world):
    with tenancy.scope(world.aroma.id):
        world.mia.locale = "fr"
        world.mia.save(update_fields=["locale"])
    page = text_of(mias_phone.get(PAGE)).replace("\xa0", " ").replace("\u202f", " ")
    assert '<html lang="fr"' in page
    assert "1 point par 1 €" in page


def test_by_which_words_the_shop_marks_people_is_nobodys_business(mias_phone, world):
    asked = (Condition("segment", {"any": ["shoplifter"]}),)
    rule = replace(flat(world.aroma, "visit", 20), conditions=asked)
    for change in (
        lambda version: editing.with_rule(version, rule),
        lambda version: editing.changed_rule(version, rule.id, amount=30),
    ):
        with tenancy.scope(world.aroma.id):
            change_programme(merchant=world.aroma, change=change, actor=None)
    page = text_of(mias_phone.get(PAGE))
    assert "shoplifter" not in page
    assert "for each visit" not in page


def test_how_often_each_of_the_team_may_give_is_told_to_nobody_else(mias_phone, world):
    with tenancy.scope(world.aroma.id):
        version = versions.version_in_force()
        gift = new_rule("gift", "flat", version, str(new_id()))
        change_programme(
            merchant=world.aroma, change=lambda version: editing.with_rule(version, gift), actor=None
        )
    said = text_of(mias_phone.get(PAGE))
    assert said.count("10 points as a gift of the team") == 2  # among the rules, and in the log
    assert "each of the team" not in said
