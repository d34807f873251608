"""Rules and reasons as they are read out, word for word, in both languages."""

from dataclasses import replace

import pytest

from loyalty.rules.engine import judge
from loyalty.rules.types import Basis, Condition, Goal, Quota
from loyalty.wording import say_reason, say_rule
from tests.loyalty.rules import made
from tests.loyalty.wording.examples import PLACES, VERSION


def plain(text):
    """With ordinary spaces."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


def asked(**kinds):
    return tuple(Condition(kind, given) for kind, given in kinds.items())


SATURDAY_MORNING = asked(
    weekday={"any": [6]}, hours={"from": "00:00", "to": "11:00"}, location={"any": ["cler"]}
)
AFTERNOONS = asked(weekday={"any": [3, 2]}, hours={"from": "14:00", "to": "17:00"})
LUNCH = {"en": "Lunch bonus", "fr": "Bonus de midi"}


@pytest.mark.parametrize(
    ("rule", "english", "french"),
    [
        (made.per_euro(), "1 point per €1", "1 point par 1 €"),
        (
            made.times(200, conditions=SATURDAY_MORNING),
            "Double points on Saturdays before 11:00, at Rue Cler",
            "Points doublés le samedi avant 11 h, à Rue Cler",
        ),
        (
            made.times(200, conditions=AFTERNOONS, quotas=(Quota(60, "units", "day"),)),
            "Double points on Tuesdays and Wednesdays between 14:00 and 17:00, at most 60 points a day",
            "Points doublés le mardi et le mercredi entre 14 h et 17 h, au plus 60 points par jour",
        ),
        (
            made.times(150, basis=Basis(only=frozenset({"books"}))),
            "Points × 1.5 on books only",
            "Points × 1,5, sur books uniquement",
        ),
        (
            made.times(200, unit="stamps", conditions=asked(weekday={"any": [2, 3, 4]})),
            "Double stars from Tuesday to Thursday",
            "Étoiles × 2 du mardi au jeudi",
        ),
        (
            made.rule(amount=50, trigger="joining", conditions=asked(among_first={"most": 50})),
            "50 points on joining for the first 50 members",
            "50 points à l’inscription pour les 50 premiers membres",
        ),
        (
            made.rule(amount=10, trigger="visit", goal=Goal(3, "month")),
            "10 points for 3 visits in a month",
            "10 points pour 3 visites dans le mois",
        ),
        (
            made.rule(amount=10, goal=Goal(4, "week", in_a_row=True)),
            "10 points for coming 4 weeks in a row",
            "10 points pour une visite 4 semaines de suite",
        ),
        (
            made.rule(amount=100, trigger="visit", conditions=asked(nth_visit={"nth": 10, "each": True})),
            "100 points on every 10th visit",
            "100 points à chaque 10e visite",
        ),
        (
            made.rule(
                amount=5, names=LUNCH, conditions=asked(spend={"minor": 2000}, tier={"any": ["g", "s"]})
            ),
            "Lunch bonus: 5 points for each purchase from €20 spent, for Silver and Gold members",
            "Bonus de midi : 5 points par achat dès 20 € d’achat, pour les membres Silver et Gold",
        ),
        (
            made.rule("share", unit="credit", basis_points=500, basis=Basis(tax=False)),
            "5% of the purchase back, before tax",
            "5 % de l’achat en retour, hors taxes",
        ),
        (
            made.rule("flat", 500, trigger="birthday", unit="credit"),
            "€5 for the birthday",
            "5 € pour l’anniversaire",
        ),
        (
            made.rule("per_item", 750, from_item=3, basis=Basis(only=frozenset({"night"}))),
            "750 points for each night from the 3rd",
            "750 points par night, dès la 3e unité",
        ),
        (
            made.per_euro(conditions=asked(dates={"from": "2026-06-01", "to": "2026-08-31"})),
            "1 point per €1, from 1 June 2026 to 31 August 2026",
            "1 point par 1 €, du 1er juin 2026 au 31 août 2026",
        ),
    ],
)
def test_a_rule_is_a_line_that_a_shopkeeper_would_write(rule, english, french):
    assert plain(say_rule(rule, VERSION, "en", PLACES)) == english
    assert plain(say_rule(rule, VERSION, "fr", PLACES)) == french


def test_a_place_without_a_name_is_a_chosen_address():
    rule = made.times(200, conditions=asked(location={"any": ["gone"]}))
    assert say_rule(rule, VERSION, "en", PLACES) == "Double points at chosen addresses"


def test_who_is_marked_with_a_tag_is_said_at_the_desk_alone():
    rule = made.times(200, conditions=asked(segment={"any": ["new", "shoplifter", "press"]}))
    assert say_rule(rule, VERSION, "en") == "Double points for new members or chosen members"
    assert "members marked “shoplifter”" in say_rule(rule, VERSION, "en", is_desk=True)
    reason = {"code": "other_segment", "rule": rule.id, "unit": "points", "units": 0, "segments": ["press"]}
    assert say_reason(reason, "EUR", "en") == "only for chosen members"


def told(*rules, memory=None, **bill):
    """What the engine answers about the last of these rules, said in both languages."""
    version = replace(VERSION, rules=rules)
    verdict = judge(made.purchase(**bill, memory=memory or {}), version)
    reason = next(reason for reason in verdict.reasons if reason.rule == rules[-1].id).as_json()
    return [plain(say_reason(reason, "EUR", language, version)) for language in ("en", "fr")]


def test_what_is_short_of_a_named_rule():
    rule = made.rule(amount=5, names=LUNCH, conditions=asked(spend={"minor": 1500}))
    assert told(rule, amount_minor=1200) == [
        "€3.00 short of “Lunch bonus”",
        "il manque 3,00 € pour « Bonus de midi »",
    ]


def test_what_is_short_of_double_points():
    rule = made.times(200, conditions=asked(spend={"minor": 1320}))
    assert told(made.per_euro(multiplied=True), rule, amount_minor=1200) == [
        "€1.20 short of double points",
        "il manque 1,20 € pour les points doublés",
    ]


def test_what_a_multiplier_adds():
    base = made.per_euro(multiplied=True)
    assert told(base, made.times(200), amount_minor=1200, tier_id="g") == [
        "24 instead of 18: double points",
        "24 au lieu de 18 : points doublés",
    ]


def test_what_is_kept_aside_of_a_unit():
    rule = made.rule("share", basis_points=30, keeps_change=True)
    assert told(rule, amount_minor=1200) == [
        "0.3% of €12.00, 0.60 point kept aside",
        "0,3 % de 12,00 €, 0,60 point mis de côté",
    ]


def test_how_far_a_goal_is():
    rule = made.rule(amount=10, id="goal", trigger="visit", goal=Goal(3, "month"))
    memory = {"goal": {"done": {"2026-11": 1}}}
    assert told(rule, memory=memory) == ["2 of 3 visits this month", "2 sur 3 visites ce mois-ci"]


def test_that_money_counts_toward_a_step():
    rule = made.per_euro(5, 5000, keeps_change=True)
    assert told(rule, amount_minor=3000) == [
        "€30.00 of €50 counted toward 5 points",
        "30,00 € sur 50 € comptés pour 5 points",
    ]


def test_that_a_limit_cut_it():
    rule = made.per_euro(quotas=(Quota(10, "units", "day"),))
    assert told(rule, amount_minor=1200) == [
        "10 for €12.00, instead of 12: at most 10 points a day",
        "10 pour 12,00 €, au lieu de 12 : au plus 10 points par jour",
    ]


def test_that_it_is_another_day():
    assert told(made.times(200, conditions=AFTERNOONS)) == [
        "only on Tuesdays and Wednesdays",
        "seulement le mardi et le mercredi",
    ]
