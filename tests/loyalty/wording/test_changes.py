"""What differs between two versions, as a merchant reads it in the draft's bar and a member in the log."""

import dataclasses
from dataclasses import replace
from typing import get_args

import pytest

from loyalty.rules import tiers, types
from loyalty.rules.comparing import differences
from loyalty.rules.limits import Limits
from loyalty.rules.tiers import Ladder, Perk, Season
from loyalty.rules.types import Expiry, Worth
from loyalty.wording import say_change
from tests.loyalty.rules import made
from tests.loyalty.wording.examples import CREDIT, POINT, STAMP, VERSION

BEFORE = replace(VERSION, rules=(made.per_euro(multiplied=True),), units=(POINT, STAMP))


def changed(tier="s", **said):
    return replace(
        BEFORE, tiers=tuple(replace(one, **said) if one.id == tier else one for one in BEFORE.tiers)
    )


def with_unit(**said):
    return replace(BEFORE, units=(replace(POINT, **said), STAMP))


def with_rule(**said):
    return replace(BEFORE, rules=(replace(BEFORE.rules[0], **said),))


def said(after, language="en"):
    found = differences(BEFORE, after)
    lines = [say_change(one, BEFORE, after, language) for one in found]
    return " | ".join(lines).replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.parametrize(
    ("after", "english", "french"),
    [
        (
            changed(threshold_minor=20_000),
            "Silver: from €200 instead of €250",
            "Silver : dès 200 € au lieu de 250 €",
        ),
        (
            changed(multiplier_percent=150, name="Argent"),
            "Silver: “Argent” instead of “Silver”, × 1.5 instead of × 1.25",
            "Silver : « Argent » au lieu de « Silver », × 1,5 au lieu de × 1,25",
        ),
        (
            changed("g", perks=(Perk("birthday_gift"), Perk("percent_off", basis_points=500))),
            "Gold: a gift for the birthday and 5% off",
            "Gold : un cadeau d’anniversaire et 5 % de remise",
        ),
        (
            changed(season=Season("06-01", "08-31")),
            "Silver: from 1 June to 31 August",
            "Silver : du 1er juin au 31 août",
        ),
        (
            replace(BEFORE, tiers=BEFORE.tiers[:2]),
            "No more: Gold, from €500, × 1.5",
            "Supprimé : Gold, dès 500 €, × 1,5",
        ),
        (
            replace(BEFORE, units=(*BEFORE.units, CREDIT)),
            "New unit: credit",
            "Nouvelle unité : crédits",
        ),
        (
            with_unit(expiry=Expiry("months", 12), worth=Worth(100, 500)),
            "points: expire 12 months after they were given, 100 points pay for €5",
            "points : expirent au bout de 12 mois, 100 points paient 5 €",
        ),
        (
            replace(BEFORE, rules=(*BEFORE.rules, made.rule(amount=50, trigger="joining"))),
            "New: 50 points on joining",
            "Nouveau : 50 points à l’inscription",
        ),
        (replace(BEFORE, rules=()), "No more: 1 point per €1", "Supprimé : 1 point par 1 €"),
        (
            with_rule(amount=2),
            "2 points per €1; before: 1 point per €1",
            "2 points par 1 € ; avant : 1 point par 1 €",
        ),
        (with_rule(active=False), "Switched off: 1 point per €1", "Désactivée : 1 point par 1 €"),
        (
            with_rule(multiplied=False),
            "1 point per €1: the same for every tier",
            "1 point par 1 € : pareil pour tous les paliers",
        ),
        (
            replace(BEFORE, name="Carte"),
            "The programme: “Carte” instead of “Aroma”",
            "Le programme : « Carte » au lieu de « Aroma »",
        ),
        (
            replace(BEFORE, limits=Limits(purchases_a_day=3)),
            "At most 3 purchases a day",
            "Au plus 3 achats par jour",
        ),
        (
            replace(BEFORE, stacking="sum"),
            "Several multipliers are added up",
            "Plusieurs multiplicateurs s’additionnent",
        ),
    ],
)
def test_a_change_is_a_line(after, english, french):
    assert said(after) == english
    assert said(after, "fr") == french


OTHERS = [
    replace(BEFORE, least_in_money_minor=100),
    *(replace(BEFORE, returns=returns) for returns in ("only_pending", "within_balance")),
    replace(BEFORE, currency="USD"),
    replace(BEFORE, ladder=Ladder("visits", "calendar_year", "one_step", 30, 14)),
    *(with_unit(expiry=Expiry(kind, 12)) for kind in get_args(types.Expiring) if kind != "never"),
    *(with_unit(vesting=vesting, vesting_days=3) for vesting in ("days", "on_confirmation")),
    *(changed(perks=(Perk(kind, {}, 500),)) for kind in get_args(tiers.PerkKind)),
    *(
        replace(BEFORE, ladder=Ladder(window=window))
        for window in get_args(tiers.Window)
        if window != "lifetime"
    ),
    *(replace(BEFORE, ladder=Ladder(downgrade=how)) for how in ("one_step", "by_standing")),
    replace(BEFORE, ladder=Ladder(climbing="units")),
    with_unit(code="other"),
    with_unit(kind="stamps"),
    with_unit(names={"en": ("star", "stars"), "fr": ("étoile", "étoiles")}),
    *(with_rule(**{name: value}) for name, value in {"rounding": "up", "keeps_change": True}.items()),
]


@pytest.mark.parametrize("after", OTHERS, ids=lambda after: str(differences(BEFORE, after)[0].fields))
def test_every_other_change_is_said_in_both_languages(after):
    english, french = said(after), said(after, "fr")
    assert english
    assert english != french
    assert "%(" not in english + french


def test_nothing_that_may_differ_is_left_without_words():
    covered = {("", name) for name in ("name", "limits", "stacking")} | {
        (one.what, field) for after in OTHERS for one in differences(BEFORE, after) for field in one.fields
    }
    own = {one.what for after in OTHERS for one in differences(BEFORE, after)} | {
        "name", "limits", "stacking", "units", "tiers", "rules", "number"
    }  # fmt: skip
    assert {field.name for field in dataclasses.fields(types.Version)} - own == set()
    units = {field.name for field in dataclasses.fields(types.Unit)} - {"id", "worth"}
    assert {("unit", name) for name in units} - covered == set()
