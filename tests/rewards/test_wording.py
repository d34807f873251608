"""Rewards as they are read out, in both languages."""

import datetime as dt

import pytest

from loyalty.wording.reader import Reader
from rewards.kinds import KINDS
from rewards.offers import say_in
from rewards.terms import Refusal
from rewards.wording import (
    KIND_NAMES,
    say_for_whom,
    say_refusal,
    say_refusals,
    say_value,
    say_when,
)
from tests.loyalty.wording.examples import CREDIT, PLACES, POINT, VERSION
from tests.rewards.made import TODAY, offer, only

DAY = dt.timedelta(days=1)


def plain(text):
    return text.replace("\u202f", " ").replace("\xa0", " ")


def reader(language, **more):
    return Reader(language, "EUR", VERSION, PLACES, **more)


def both(say):
    return tuple(plain(say(reader(language))) for language in ("en", "fr"))


@pytest.mark.parametrize(
    ("kind", "value", "english", "french"),
    [
        ("amount_off", {"minor": 500}, "€5 off", "5 € de remise"),
        ("percent_off", {"basis_points": 750}, "7.5% off", "7,5 % de remise"),
        (
            "percent_off",
            {"basis_points": 1000, "most_minor": 2050},
            "10% off, at most €20.50",
            "10 % de remise, au plus 20,50 €",
        ),
        ("free_product", {}, "one for nothing", "un article offert"),
        ("free_product", {"any": ["latte"]}, "one for nothing: latte", "un article offert : latte"),
        (
            "free_product",
            {"any": ["latte", "mocha"], "of": 3},
            "of 3 on one bill the cheapest for nothing: latte or mocha",
            "sur 3 articles d’un même achat, le moins cher offert : latte ou mocha",
        ),
        ("credit", {"unit": CREDIT.id, "amount": 1250}, "€12.50 of credit", "12,50 € d’avoir"),
        (
            "donation",
            {"to": "The lifeboats", "minor": 100},
            "€1 for The lifeboats",
            "1 € pour The lifeboats",
        ),
        (
            "early_access",
            {"opens_on": "2026-12-01"},
            "before everybody else, who may from 1 December 2026",
            "avant tout le monde, qui devra attendre le 1er décembre 2026",
        ),
        (
            "draw_entry",
            {"drawn_on": "2026-12-24"},
            "an entry in the draw on 24 December 2026",
            "une participation au tirage du 24 décembre 2026",
        ),
        ("gift", {}, "", ""),
        ("experience", {}, "", ""),
        ("free_text", {}, "", ""),
    ],
)
def test_what_it_is(kind, value, english, french):
    assert both(lambda reads: say_value(offer(kind=kind, value=value), reads)) == (english, french)


@pytest.mark.parametrize(
    ("refusal", "english", "french"),
    [
        (Refusal("not_offered"), "not offered yet", "pas encore proposée"),
        (Refusal("withdrawn"), "not offered any more", "plus proposée"),
        (Refusal("sold_out"), "sold out", "épuisée"),
        (
            Refusal("given_on_tier", {"tiers": ["g"]}),
            "it comes by itself with Gold",
            "offerte d’elle-même avec le palier Gold",
        ),
        (
            Refusal("given_on_tier", {"tiers": ["gone"]}),
            "it comes by itself with a tier",
            "offerte d’elle-même avec un palier",
        ),
        (
            Refusal("too_few_units", {"unit": POINT.id, "cost": 40, "short": 32}),
            "32 more points",
            "encore 32 points",
        ),
        (
            Refusal("too_few_units", {"unit": POINT.id, "cost": 40, "short": 1}),
            "1 more point",
            "encore 1 point",
        ),
        (
            Refusal("too_few_units", {"unit": CREDIT.id, "cost": 400, "short": 320}),
            "€3.20 more",
            "encore 3,20 €",
        ),
        (
            Refusal("had_enough", {"most": 1}),
            "taken already, and it is there once for each member",
            "déjà prise, et prévue une seule fois par membre",
        ),
        (
            Refusal("had_enough", {"most": 3}),
            "taken 3 times already, and that is the most",
            "déjà prise 3 fois, et c’est le maximum",
        ),
        (
            Refusal("had_lately", {"most": 1, "period": "day"}),
            "taken today already",
            "déjà prise aujourd’hui",
        ),
        (
            Refusal("had_lately", {"most": 2, "period": "week"}),
            "taken 2 times this week already",
            "déjà prise 2 fois cette semaine",
        ),
        (
            Refusal("had_lately", {"most": 1, "period": "month"}),
            "taken this month already",
            "déjà prise ce mois-ci",
        ),
        (
            Refusal("had_lately", {"most": 2, "period": "year"}),
            "taken 2 times this year already",
            "déjà prise 2 fois cette année",
        ),
        (Refusal("elsewhere", {"locations": ["cler"]}), "only at Rue Cler", "seulement à Rue Cler"),
        (Refusal("wrong_day", {"days": [6]}), "only on Saturdays", "seulement le samedi"),
        (
            Refusal("other_tier", {"tiers": ["g"]}),
            "only for Gold members",
            "seulement pour les membres Gold",
        ),
        (
            Refusal("not_yet", {"from": "2026-12-01"}),
            "only from 1 December 2026",
            "seulement à partir du 1er décembre 2026",
        ),
        (
            Refusal("over", {"to": "2026-11-20"}),
            "over since 20 November 2026",
            "terminé depuis le 20 novembre 2026",
        ),
    ],
)
def test_why_it_cannot_be_taken(refusal, english, french):
    assert both(lambda reads: say_refusal(refusal, reads)) == (english, french)


@pytest.mark.parametrize(
    ("day", "english", "french"),
    [
        (TODAY, "possible later today", "possible plus tard aujourd’hui"),
        (TODAY + DAY, "possible tomorrow", "possible demain"),
        (TODAY + 2 * DAY, "possible on 23 November 2026", "possible le 23 novembre 2026"),
    ],
)
def test_when_it_will_be_possible(day, english, french):
    assert both(lambda reads: say_when(day, TODAY, reads)) == (english, french)


def test_all_of_it_in_a_line():
    found = [Refusal("wrong_day", {"days": [6]}), Refusal("had_lately", {"most": 1, "period": "week"})]
    assert both(lambda reads: say_refusals(found, TODAY + 7 * DAY, TODAY, reads)) == (
        "only on Saturdays, taken this week already, possible on 28 November 2026",
        "seulement le samedi, déjà prise cette semaine, possible le 28 novembre 2026",
    )
    assert both(lambda reads: say_refusals([], TODAY, TODAY, reads)) == ("", "")


def test_the_day_of_a_birthday_is_said_to_nobody_but_who_knows_it():
    found = [Refusal("not_birthday", {"days": 0}), Refusal("wrong_day", {"days": [6]})]
    in_a_week = TODAY + 7 * DAY
    assert "28 November" not in both(lambda reads: say_refusals(found, in_a_week, TODAY, reads))[0]
    known = both(lambda reads: say_refusals(found, in_a_week, TODAY, reads, knows_birthday=True))
    assert "possible on 28 November 2026" in known[0]


def test_for_whom_it_is():
    asked = offer(
        only("tier", any=["g"]), only("weekday", any=[1, 2, 3, 4, 5, 6, 7]), only("weekday", any=[6])
    )
    assert both(lambda reads: say_for_whom(asked, reads)) == (
        "for Gold members, on Saturdays",
        "pour les membres Gold, le samedi",
    )
    assert say_for_whom(offer(), reader("en")) == ""


def test_a_member_is_not_told_by_which_tag_people_are_marked():
    refusal = Refusal("other_segment", {"segments": ["vip"]})
    assert "vip" not in say_refusal(refusal, reader("en"))
    assert "vip" in say_refusal(refusal, reader("en", is_desk=True))


def test_each_kind_has_a_name():
    assert KIND_NAMES.keys() == KINDS.keys()


def test_a_name_in_one_language_is_read_in_any():
    assert say_in({"fr": "Gâteau"}, "en") == "Gâteau"
    assert say_in({"en": "", "fr": "Gâteau"}, "en") == "Gâteau"
    assert say_in({"en": "Cake", "fr": "Gâteau"}, "fr") == "Gâteau"
    assert say_in({}, "fr") == ""
