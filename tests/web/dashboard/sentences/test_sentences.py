"""Rules as sentences with blanks: whole in both languages, each blank opens, and says back what it was told."""

from dataclasses import replace
from typing import get_args

import pytest
from django.utils.translation import override

from core.text import fold
from loyalty.rules.checking import check_rule
from loyalty.rules.conditions import CONDITIONS
from loyalty.rules.types import Condition, Quota, Trigger
from tests.loyalty.rules import made
from tests.loyalty.wording.examples import CONDITIONS_SAID, PLACES, VERSION
from web.dashboard.sentences import (
    blank_form,
    extras_of,
    gives_for,
    new_rule,
    offers,
    sentence_of,
    triggers,
    with_extra,
    without_extra,
)

BEGINNINGS = [(trigger, gives) for trigger, _label in triggers() for gives, _words in gives_for(trigger)]


def told(rule, language="en"):
    with override(language):
        text = "".join(part.text for part in sentence_of(rule, VERSION, PLACES))
    return text.replace("\u202f", " ").replace("\xa0", " ")


def marked(rule):
    """The sentence with its blanks in brackets."""
    parts = sentence_of(rule, VERSION, PLACES)
    return "".join(f"[{part.text}]" if part.field else part.text for part in parts)


def blanks(rule):
    return [part for part in sentence_of(rule, VERSION, PLACES) if part.field]


def typed(form):
    """What a browser sends back when nobody changes anything."""
    data = {}
    for field in form:
        value = field.value()
        data[field.html_name] = "" if value is None else value
        if hasattr(value, "strftime"):
            data[field.html_name] = field.field.widget.format_value(value)
    return data


def filled(rule, field, **data):
    form = blank_form(field, rule, VERSION, PLACES, data)
    assert form.is_valid(), form.errors
    return form.rule


def everything(trigger, gives):
    """A rule that says all that it could."""
    rule = new_rule(trigger, gives, VERSION, "rule")
    while more := offers(rule, VERSION, PLACES):
        rule = with_extra(rule, more[0].extra, VERSION, PLACES)
    return rule


def asked(**kinds):
    return tuple(Condition(kind, given) for kind, given in kinds.items())


def test_what_members_earn_is_told_as_on_the_picture():
    assert marked(made.per_euro(multiplied=True)) == (
        "Give [1 point] for every [€1] spent, [tax included], [tips left out]."
    )
    double = made.times(
        200,
        conditions=asked(weekday={"any": [2, 3]}, hours={"from": "14:00", "to": "17:00"}),
        quotas=(Quota(60, "units", "day"),),
    )
    assert marked(double) == (
        "On [Tuesdays and Wednesdays] from [14:00] to [17:00], points count [double], "
        "[at most 60 points a day]."
    )
    assert told(double, "fr") == (
        "Le mardi et le mercredi de 14 h à 17 h, les points comptent double, au plus 60 points par jour."
    )
    welcome = made.rule(amount=50, trigger="joining", quotas=(Quota(1, "times", "ever"),))
    assert marked(welcome) == "Give [50 points] on joining, [once only]."
    assert told(welcome, "fr") == "Donner 50 points à l’inscription, une seule fois."


def test_every_trigger_can_begin_a_sentence():
    assert {trigger for trigger, _gives in BEGINNINGS} == set(get_args(Trigger))


@pytest.mark.parametrize(("trigger", "gives"), BEGINNINGS)
def test_a_new_sentence_is_whole_and_could_be_published(trigger, gives):
    rule = new_rule(trigger, gives, VERSION, "rule")
    english, french = told(rule), told(rule, "fr")
    assert english[0].isupper()
    assert english.endswith(".")
    assert fold(english) != fold(french)
    assert check_rule(rule, VERSION) == []
    assert blanks(rule)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(("trigger", "gives"), BEGINNINGS)
def test_each_blank_of_a_sentence_that_says_everything_gives_back_what_it_says(trigger, gives, language):
    with override(language):
        rule = everything(trigger, gives)
        fields = [part.field for part in blanks(rule)]
        assert len(fields) == len(set(fields))
        for part in blanks(rule):
            assert part.label
            form = blank_form(part.field, rule, VERSION, PLACES)
            again = blank_form(part.field, rule, VERSION, PLACES, typed(form))
            assert again.is_valid(), (part.field, again.errors)
            assert again.rule == rule, part.field
    assert check_rule(rule, VERSION) == []


@pytest.mark.parametrize(("trigger", "gives"), BEGINNINGS)
def test_what_is_added_can_be_taken_out_again(trigger, gives):
    rule = new_rule(trigger, gives, VERSION, "rule")
    for offer in offers(rule, VERSION, PLACES):
        more = with_extra(rule, offer.extra, VERSION, PLACES)
        assert more != rule
        assert told(more) != told(rule), offer
        assert offer in extras_of(more)
        assert without_extra(more, offer.extra) == rule


@pytest.mark.parametrize("kind", sorted(CONDITIONS))
def test_every_condition_is_in_the_sentence(kind):
    plain = new_rule("purchase", "flat", VERSION, "rule")
    asking = replace(plain, conditions=(Condition(kind, CONDITIONS_SAID[kind]),))
    assert told(asking) != told(plain)
    assert fold(told(asking)) != fold(told(asking, "fr"))


def test_a_new_sentence_gives_one_stamp_ten_points_and_a_whole_sum_of_credit():
    kinds = {unit.kind: unit.id for unit in VERSION.units}
    given = {kind: new_rule("purchase", "flat", VERSION, "rule", unit).amount for kind, unit in kinds.items()}
    assert given == {"points": 10, "stamps": 1, "credit": 100}


def test_blanks_are_filled_in():
    rule = everything("purchase", "per_amount")
    assert filled(rule, "amount", amount="1 000").amount == 1000
    assert filled(rule, "per_minor", per_minor="2,50").per_minor == 250
    assert filled(rule, "tax", tax="").basis.tax is False
    weekday = filled(rule, "weekday", weekday=["6", "7"])
    assert {"weekday": {"any": [6, 7]}}.items() <= {one.kind: one.given for one in weekday.conditions}.items()
    assert filled(rule, "only", only="Tea, coffee ,tea").basis.only == {"tea", "coffee"}
    assert filled(rule, "pause", span="2", of="60").pause_minutes == 120
    assert filled(rule, "goal", times="4", period="week_row").goal.in_a_row


@pytest.mark.parametrize(
    ("field", "data", "at"),
    [
        ("amount", {"amount": "0"}, "amount"),
        ("amount", {"amount": "many"}, "amount"),
        ("per_minor", {"per_minor": "0"}, "per_minor"),
        ("weekday", {}, "weekday"),
        ("weekday", {"weekday": ["8"]}, "weekday"),
        ("hours_to", {"to": "14:00"}, "to"),
        ("hours_to", {"to": "25:00"}, "to"),
        ("dates", {"from": "", "to": ""}, "from"),
        ("dates", {"from": "2026-12-02", "to": "2026-12-01"}, "to"),
        ("quota_0", {"most": "0", "counted": "times", "period": "day", "whose": "member"}, "most"),
        ("quota_0", {"most": "1", "counted": "times", "period": "year", "whose": "member"}, "period"),
        ("goal", {"times": "1", "period": "month"}, "times"),
        ("pause", {"span": "9999", "of": "1440"}, "span"),
        ("location", {"location": ["elsewhere"]}, "location"),
        ("tier", {"tier": []}, "tier"),
        ("segment", {"segment": [], "tags": ""}, "segment"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(field, data, at):
    form = blank_form(field, everything("purchase", "per_amount"), VERSION, PLACES, data)
    assert not form.is_valid()
    assert list(form.errors) == [at]


@pytest.mark.parametrize(
    "field", ["weekday", "quota_0", "quota_x", "goal", "percent", "nothing", "id", "from_item"]
)
def test_a_blank_that_a_sentence_does_not_have_is_not_there(field):
    with pytest.raises(LookupError):
        blank_form(field, new_rule("purchase", "per_amount", VERSION, "rule"), VERSION, PLACES)


def test_what_does_not_go_together_is_not_offered():
    with pytest.raises(LookupError):
        new_rule("joining", "per_amount", VERSION, "rule")
    joining = new_rule("joining", "flat", VERSION, "rule")
    assert "spend" not in {offer.extra for offer in offers(joining, VERSION, PLACES)}
    with pytest.raises(LookupError):
        with_extra(joining, "spend", VERSION, PLACES)
    with pytest.raises(LookupError):
        without_extra(joining, "weekday")


def test_an_address_that_is_gone_stays_until_it_is_taken_out():
    rule = made.times(200, conditions=asked(location={"any": ["gone"]}))
    form = blank_form("location", rule, VERSION, PLACES)
    assert ("gone", "An address that is gone") in form.fields["location"].choices
    assert filled(rule, "location", location=["gone"]) == rule


def test_credit_is_typed_as_money():
    rule = made.rule(amount=500, unit="credit", trigger="birthday")
    assert marked(rule) == "Give [€5] for the birthday."
    assert filled(rule, "amount", amount="7.50").amount == 750
