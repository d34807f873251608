"""A programme's offer in a sentence: true, short, and said well in both languages."""

import datetime as dt
from dataclasses import replace

import pytest

from loyalty.gallery.shelf import TEMPLATES, template
from loyalty.gallery.templates import Kit, Offer
from loyalty.rules.tiers import Perk, Tier
from loyalty.rules.types import Basis, Condition, Quota
from studio.posters.promises import LONGEST, promise_of, unwritable

NEW_YEAR = dt.date(2026, 1, 1)
# Template, circles, English, French.
GALLERY = [
    ("cafe-fifth-free", 5, "The fifth coffee is on us.", "Le cinquième café est pour nous."),
    ("cafe-stamps", 10, "The tenth time, a coffee is on us.", "La dixième fois, un café est pour nous."),
    ("coffee-to-go", 6, "The sixth coffee is on us.", "Le sixième café est pour nous."),
    ("bakery-visits", 6, "The sixth time, a muffin is on us.", "La sixième fois, un muffin est pour nous."),
    (
        "points-per-spend",
        0,
        "5 points for every euro. 100 points: €5 off your bill.",
        "5 points pour chaque euro. 100 points : 5 € de remise.",
    ),
    (
        "fashion-credit",
        0,
        "5 points for every euro. 500 points: €5 of credit.",
        "5 points pour chaque euro. 500 points : 5 € d’avoir.",
    ),
    (
        "catalogue-credit",
        0,
        "Up to 10% back on chosen products.",
        "Jusqu’à 10 % remboursés sur des produits choisis.",
    ),
    (
        "club-discount",
        0,
        "From 3% to 10% off, growing with your purchases.",
        "De 3 % à 10 % de remise, selon vos achats.",
    ),
    (
        "bonuses",
        0,
        "1 bonus per €10. 10 bonuses: €1 off your bill.",
        "1 bonus par 10 €. 10 bonus : 1 € de remise.",
    ),
    (
        "three-for-two",
        3,
        "Brand of the month: the third is on us.",
        "Le troisième article de la marque du mois est pour nous.",
    ),
    (
        "beauty-tiers",
        0,
        "1 point for every euro, more with each tier.",
        "1 point pour chaque euro, plus à chaque palier.",
    ),
    (
        "salon-gold",
        0,
        "1 point for every euro. Gold: a free treatment with every haircut.",
        "1 point pour chaque euro. Or : un soin offert avec chaque coupe.",
    ),
    ("four-stones", 0, "1 point per €10, more with each tier.", "1 point par 10 €, plus à chaque palier."),
    (
        "third-night",
        0,
        "750 points for each night from the 3rd. 7,500 points, and a night is on us.",
        "750 points par nuit, dès la 3e unité. 7 500 points, et une nuit est pour nous.",
    ),
    (
        "seasons",
        0,
        "50 points on joining, then 1 point for every euro.",
        "50 points à l’inscription, puis 1 point pour chaque euro.",
    ),
    (
        "brand-acts",
        0,
        "1 point for every euro. 1,000 points: 10% off.",
        "1 point pour chaque euro. 1 000 points : 10 % de remise.",
    ),
    ("tasks", 0, "2 points for every euro.", "2 points pour chaque euro."),
    (
        "events",
        0,
        "1 point for every euro. 100 points: €5 off your bill.",
        "1 point pour chaque euro. 100 points : 5 € de remise.",
    ),
    ("membership", 0, "7 days of membership on joining.", "7 jours d’abonnement à l’inscription."),
]


def made(code, language="en"):
    """A template of the gallery as a shop of that language takes it."""
    return template(code).made_with(Kit("EUR", language, NEW_YEAR))


def plain(words):
    """With all blanks alike."""
    return words.replace("\u202f", " ").replace("\u00a0", " ")


def said(version, offers=(), language="en"):
    """The sentence."""
    return plain(promise_of(version, offers, language).words)


@pytest.mark.parametrize(("code", "circles", "english", "french"), GALLERY)
def test_every_programme_of_the_gallery_promises_in_both_languages(code, circles, english, french):
    for language, words in (("en", english), ("fr", french)):
        promised = promise_of(made(code, language).version, made(code, language).offers, language)
        assert (plain(promised.words), promised.circles) == (words, circles)
        assert len(promised.words) <= LONGEST


def test_the_gallery_is_whole():
    assert [row[0] for row in GALLERY] == [one.code for one in TEMPLATES]


def test_a_poster_in_the_other_language_than_the_shops_says_the_same():
    shop = made("cafe-fifth-free", "en")
    assert said(shop.version, shop.offers, "fr") == "Le cinquième café est pour nous."


def test_what_a_merchant_calls_without_an_article_is_given_no_gender():
    shop = made("cafe-stamps")
    offers = [Offer({"en": "Cake of the day", "fr": "Tarte du jour"}, "stamps", 6)]
    assert said(shop.version, offers) == "The seventh time: Cake of the day."
    assert said(shop.version, offers, "fr") == "La septième fois : Tarte du jour."


def test_a_gift_named_in_one_language_alone_takes_no_article_of_the_other():
    shop = made("cafe-fifth-free")
    assert (
        said(shop.version, [Offer({"en": "A coffee"}, "points", 4)], "fr")
        == "Coffee : le cinquième est pour nous."
    )


def test_another_gift_than_what_is_counted_is_not_the_next_of_it():
    shop = made("cafe-fifth-free")
    offers = [Offer({"en": "A cake with your coffee"}, "points", 4)]
    assert (
        said(shop.version, offers)
        == "1 point for each coffee. 4 points, and a cake with your coffee is on us."
    )


def test_more_stamps_than_words_count_are_told_as_stamps():
    shop = made("cafe-stamps")
    offers = [Offer({"en": "A coffee machine"}, "stamps", 60)]
    promised = promise_of(shop.version, offers, "en")
    assert promised == ("1 stamp for each purchase. 60 stamps, and a coffee machine is on us.", 0)


def test_beyond_twelve_there_are_words_and_no_circles():
    shop = made("coffee-to-go")
    assert promise_of(shop.version, [Offer({"en": "A coffee"}, "stamps", 12)], "en") == (
        "The thirteenth coffee is on us.",
        0,
    )
    assert promise_of(shop.version, [Offer({"en": "A coffee", "fr": "Un café"}, "stamps", 20)], "fr") == (
        "Le 21e café est pour nous.",
        0,
    )


@pytest.mark.parametrize(
    "rule",
    [
        {"conditions": (Condition("tier", {"any": ["gold"]}),)},
        {"conditions": (Condition("chance", {"one_in": 3, "seed": "x"}),)},
        {"quotas": (Quota(1, "times", "ever"),)},
        {"quotas": (Quota(9, "units", "day", "programme"),)},
        {"active": False},
    ],
)
def test_what_not_everybody_gets_is_not_promised(rule):
    shop = made("cafe-stamps")
    version = replace(shop.version, rules=(replace(shop.version.rules[0], **rule),))
    assert said(version, shop.offers) == "For everyone who comes back."
    assert said(version, shop.offers, "fr") == "Pour qui revient."


def test_stamps_from_a_sum_on_are_told_by_what_they_buy():
    shop = made("cafe-stamps")
    least = replace(shop.version.rules[0], conditions=(Condition("spend", {"minor": 500}),))
    assert said(replace(shop.version, rules=(least,)), shop.offers) == "9 stamps, and a coffee is on us."


def test_money_back_on_everything():
    shop = made("catalogue-credit")
    rule = replace(shop.version.rules[1], basis=Basis())
    version = replace(shop.version, rules=(rule,))
    assert said(version) == "5% of every purchase back."
    assert said(version, language="fr") == "5 % de chaque achat rendus en avoir."


def test_one_discount_for_regulars():
    shop = made("tasks")
    tier = Tier("gold", "Gold", 100, 100, (Perk("percent_off", basis_points=500),))
    assert said(replace(shop.version, tiers=(tier,))) == "5% off for those who come often."


def test_what_is_too_long_or_cannot_be_written_gives_way_to_what_can():
    shop = made("points-per-spend")
    long = [
        Offer({"en": "Breakfast for two with everything that the kitchen and the cellar have"}, "points", 100)
    ]
    foreign = [Offer({"en": "A 抹茶"}, "points", 100)]
    for offers in (long, foreign):
        assert said(shop.version, offers) == "5 points for every euro."


def test_a_currency_that_is_no_euro_is_written_as_money():
    shop = template("tasks").made_with(Kit("GBP", "en", NEW_YEAR))
    assert said(shop.version) == "2 points per £1."


def test_of_several_units_stamps_are_nearest():
    stamps, points = made("coffee-to-go"), made("points-per-spend")
    version = replace(
        points.version,
        units=(*points.version.units, *stamps.version.units),
        rules=(*points.version.rules, *stamps.version.rules),
    )
    assert said(version, (*points.offers, *stamps.offers)) == "The sixth coffee is on us."


@pytest.mark.parametrize(
    "name", ["A coffee, on the house", "A coffee on us", "A coffee for free", "A coffee"]
)
def test_that_a_gift_costs_nothing_is_said_once(name):
    shop = made("cafe-fifth-free")
    assert (
        said(shop.version, [Offer({"en": name, "fr": "Un café offert"}, "points", 4)])
        == "The fifth coffee is on us."
    )
    assert said(shop.version, [Offer({"en": name, "fr": "Un café offert"}, "points", 4)], "fr") == (
        "Le cinquième café est pour nous."
    )


def test_an_accent_that_is_typed_apart_is_a_letter_of_its_own():
    assert unwritable("Le dixie\u0300me") == ""
