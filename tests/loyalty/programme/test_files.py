"""The programme as a file: what goes out comes back equal, and what is wrong is told with its line."""

import datetime as dt
import time

import pytest

from loyalty.gallery.shelf import TEMPLATES
from loyalty.gallery.templates import Kit
from loyalty.programme.files.exporting import export_programme
from loyalty.programme.files.importing import LARGEST_FILE, ProgrammeUnreadable, read_programme
from loyalty.rules.editing import with_ids
from loyalty.rules.limits import Limits
from loyalty.rules.tiers import Ladder, Perk, Season, Tier
from loyalty.rules.types import Basis, Condition, Expiry, Goal, Quota, Rule, Unit, Version, Worth

ID = "019a0000-0000-7000-8000-0000000000{:02}"
CROIX_ROUSSE = ID.format(99)
PLACES = {CROIX_ROUSSE: "Croix-Rousse", ID.format(98): "No", ID.format(97): "Twin", ID.format(96): "Twin"}
POINTS = Unit(
    ID.format(1), "points", {"en": ("point", "points"), "fr": ("point", "points")},
    expiry=Expiry("end_of_year", 12), vesting="days", vesting_days=14, worth=Worth(100, 525),
)  # fmt: skip
STAMPS = Unit(ID.format(2), "stamps", {"en": ("stamp", "stamps")}, "stamps")
BRONZE, GOLD = Tier(ID.format(11), "Bronze", 0, 100), Tier(ID.format(12), "Or “1: #2”", 50_050, 175)
SUMMER = Tier(
    ID.format(13), "Yes", 60_000, 200, (Perk("percent_off", {"en": "5 % off"}, 550),), Season("06-01", "08-31")
)  # fmt: skip


def condition(kind, **given):
    return Condition(kind, given)


EVERYTHING = Rule(
    ID.format(21), "purchase", POINTS.id, amount=2, per_minor=150, multiplied=True, most_at_once=500, pause_minutes=90,
    rounding="half_up", names={"en": "Happy: hour", "fr": "Heure heureuse"}, active=False,
    basis=Basis(tax=False, tip=True, only=frozenset({"cake", "tea"}), without=frozenset({"gift"})),
    quotas=(Quota(100, "units", "day"), Quota(3, "times", "month", "programme")),
    goal=Goal(3, "week", in_a_row=True),
    conditions=(
        condition("location", any=[CROIX_ROUSSE, ID.format(98), ID.format(97)]),
        condition("weekday", any=[6, 7]),
        condition("hours", **{"from": "08:00", "to": "11:00"}),
        condition("dates", **{"from": "2027-05-01", "to": "2027-05-31"}),
        condition("spend", minor=1250),
        condition("product", any=["on", "croissant"]),
        condition("payment", any=["cash"]),
        condition("tier", any=[GOLD.id]),
        condition("segment", any=["regulars"]),
        condition("channel", any=["api"]),
        condition("first_visit"),
        condition("nth_visit", nth=10, each=True),
        condition("among_first", most=50),
        condition("birthday", days=3),
        condition("name", any=["1.5"]),
        condition("chance", seed="0x1F", one_in=20),
    ),
)  # fmt: skip
WHOLE = Version(
    0, "Carte: Aroma # 1", "EUR", (POINTS, STAMPS),
    (
        EVERYTHING,
        Rule(ID.format(22), "joining", POINTS.id, amount=50, gives="flat"),
        Rule(ID.format(23), "visit", STAMPS.id, amount=1, gives="flat"),
        Rule(ID.format(24), "purchase", POINTS.id, gives="share", basis_points=250, keeps_change=True),
        Rule(ID.format(25), "purchase", POINTS.id, gives="multiplier", percent=225),
        Rule(ID.format(26), "purchase", POINTS.id, amount=750, gives="per_item", from_item=3),
        Rule(ID.format(27), "review", POINTS.id, gives="badge", names={"en": "Critic"}),
    ),
    (BRONZE, GOLD, SUMMER), Limits(5, 4, 3), "sum",
    Ladder("spend", "rolling_12_months", "one_step", 14, 7), "within_balance", 250,
)  # fmt: skip


def read(written, currency="EUR"):
    return read_programme(written.encode(), currency=currency, places=PLACES)


def refused(written, **how):
    with pytest.raises(ProgrammeUnreadable) as caught:
        read(written, **how)
    return caught.value.faults


def test_what_goes_out_comes_back_equal():
    assert read(export_programme(WHOLE, PLACES)) == WHOLE


def test_the_file_says_names_money_and_days_as_people_do():
    written = export_programme(WHOLE, PLACES)
    for line in ("any: [saturday, sunday]", "least: 12.50", "from: 500.50", "times: 1.75", "per: 1.50",
                 f"any: [Croix-Rousse, 'No', {ID.format(97)}]", "unit: stamps", "money: 5.25", "returns: within_balance", "least_in_money: 2.50", "percent: 2.5\n"):  # fmt: skip
        assert line in written, line
    assert CROIX_ROUSSE not in written
    assert "&id" not in written


def test_thresholds_in_visits_are_no_money():
    visits = Version(
        0, "Carte", "EUR", (POINTS,), (), (Tier(ID.format(11), "Ten", 10, 100),), ladder=Ladder("visits")
    )
    written = export_programme(visits, {})
    assert "from: 10\n" in written
    assert read(written) == visits


def test_a_currency_without_decimals_is_written_without():
    yen = Version(0, "Carte", "JPY", (POINTS,), (), (Tier(ID.format(11), "Ten", 5000, 100),))
    written = export_programme(yen, {})
    assert "from: 5000\n" in written
    assert read(written, currency="JPY") == yen


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.code)
def test_every_programme_of_the_gallery_can_be_taken_along(template):
    version = template.made_with(Kit("EUR", "en", dt.date(2027, 5, 1))).version
    ids: dict[str, str] = {}
    own = with_ids(version, lambda old: ids.setdefault(old, ID.format(len(ids) + 30)))
    assert read(export_programme(own, {})) == own


SMALL = """\
format: 1
name: Carte
currency: EUR
units:
- code: points
  names: {en: [point, points]}
tiers:
- name: Gold
  from: 500
  times: 1.5
rules:
- when: purchase
  gives: per_amount
  amount: 1
  unit: points
  per: 1.00
  conditions:
  - kind: tier
    any: [Gold]
"""


def test_a_file_by_hand_needs_no_ids():
    version = read(SMALL)
    [rule], [tier] = version.rules, version.tiers
    assert (rule.unit, rule.per_minor) == (version.units[0].id, 100)
    assert rule.conditions == (condition("tier", any=[tier.id]),)
    assert (tier.threshold_minor, tier.multiplier_percent) == (50_000, 150)
    assert len({version.units[0].id, tier.id, rule.id}) == 3


WRONG = {
    "an unknown field": ("amount: 1", "amounts: 1", 14, "“amounts” is not known here"),
    "no number": ("amount: 1", "amount: one", 14, "Write a whole number."),
    "an unknown word": ("when: purchase", "when: shopping", 12, "“shopping” is not known here"),
    "an unknown unit": ("unit: points", "unit: beans", 15, "This unit is not there any more."),
    "an unknown tier": ("any: [Gold]", "any: [Silver]", 19, "This tier is not there any more."),
    "an unknown condition": ("kind: tier", "kind: moon", 18, "“moon” is not known here"),
    "a condition without a kind": ("- kind: tier\n    any", "- any", 18, "“kind” is missing."),
    "an unknown place": ("kind: tier", "kind: location", 19, "There is no location “Gold”."),
    "no amount of money": ("per: 1.00", "per: 1,00", 16, "Write an amount such as 12.50."),
    "too many decimals": ("per: 1.00", "per: 1.005", 16, "Write an amount such as 12.50."),
    "points per nothing": ("per: 1.00", "per: 0", 16, "Write a number from €0.01 to €10,000,000."),
    "a list for a name": ("name: Carte", "name: [Carte]", 2, "Write a text here."),
    "a name for a list": ("any: [Gold]", "any: Gold", 19, "Write a list here."),
    "a name too few": ("[point, points]", "[point]", 6, "Write two: for one, and for several."),
    "what is missing": ("  code: points\n", "", 5, "“code” is missing."),
    "another currency": ("currency: EUR", "currency: USD", 3, "This programme counts in EUR; the file is in USD."),
    "a line twice": ("name: Carte", "name: Carte\nname: Carte", 3, "This is here twice."),
    "a name too long": ("name: Gold", f"name: {'G' * 41}", 8, "This is too long: 40 characters at most."),
    "a multiplier below one": ("times: 1.5", "times: 0.5", 10, "Write a number from 1 to 10."),
    "a format of another time": ("format: 1", "format: 2", 1, "“2” is not known here"),
    "no YAML": ("tiers:", "tiers: [", 8, "This cannot be read as YAML."),
    "an anchor": ("name: Carte", "name: &a Carte", 2, "Anchors and tags are not read here."),
    "a tag": ("name: Carte", "name: !!python/name:os.system Carte", 2, "Anchors and tags are not read here."),
    "a control character": ("name: Carte", 'name: "Car\\u202ete"', 2, "This holds characters that cannot be kept."),
    "a unit's code too long": ("- code: points", "- code: " + "p" * 21, 5, "Write a code of small letters"),
    "a list for a field": ("name: Carte", "? [a]\n: b\nname: Carte", 2, "Write a text here."),
    "a character that is none": ("name: Carte", 'name: "\\UFFFFFFFF"', 2, "This cannot be read as YAML."),
    "half a character for a field": ("name: Carte", '"\\ud800": 1\nname: Carte', 2, "This cannot be read as YAML."),
    "NUL for a language": ("{en:", '{"\\0": [a, b], en:', 6, "“\ufffd” is not known here."),
    "half a character for a language": ("{en:", '{"\\ud800": [a, b], en:', 6, "This cannot be read as YAML."),
    "no language": ("{en:", "{French: [a, b], en:", 6, "“French” is not known here."),
    "too deep": ("[Gold]", "[" * 12 + "]" * 12, 19, "This is nested deeper than any programme."),
    "no id": ("name: Gold", "name: Gold\n  id: gold", 9, "This is no id."),
}  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "line", "words"), WRONG.values(), ids=list(WRONG))
def test_what_is_wrong_is_told_with_its_line(right, wrong, line, words):
    text = (
        SMALL.replace("- code: points\n  names", "- names")
        if "  code" in right
        else SMALL.replace(right, wrong, 1)
    )
    assert text != SMALL
    first = refused(text)[0]
    assert first.line == line
    assert first.words.startswith(words)


def test_everything_that_is_wrong_is_told_at_once():
    text = (
        SMALL.replace("amount: 1", "amount: one")
        .replace("from: 500", "from: high")
        .replace("{en:", "{name: x, en:")
    )
    assert [fault.line for fault in refused(text)] == [6, 9, 14]


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"- " * 10, b"[" * 20_000, b"a: b\n" * 20_000, b"# nothing", b"\x00", b"42"],
)
def test_what_is_no_programme_at_all_is_refused(content):
    with pytest.raises(ProgrammeUnreadable) as caught:
        read_programme(content, currency="EUR", places={})
    assert caught.value.faults[0].words
    assert len(content) <= LARGEST_FILE or "too large" in caught.value.detail


@pytest.mark.parametrize("part", ["[", "[\n", "{a: ", "- ", "? "])
def test_a_file_of_brackets_is_put_down_at_the_first_too_deep(part):
    begun = time.process_time()
    with pytest.raises(ProgrammeUnreadable, match="nested deeper"):
        read_programme((part * LARGEST_FILE)[:LARGEST_FILE].encode(), currency="EUR", places={})
    assert time.process_time() - begun < 2  # to its end it takes half a minute


@pytest.mark.parametrize(
    "text",
    ["\n".join(f"k{n}: {n}" for n in range(6_000)), "units: [" + "1," * 30_000 + "]"],
    ids=["pairs", "a list"],
)
def test_a_large_file_that_says_nothing_is_refused_soon(text):
    began = time.process_time()
    assert refused(text)
    assert (
        time.process_time() - began < 5
    )  # a tenth of a second by itself; half a minute where pairs are compared with all others
