"""The sentences on the programme's page: a blank filled in, a sentence added, switched off, said with more, taken out."""

import pytest

from core.ids import new_id
from tests.web.dashboard.test_programme import PAGE, version_of
from tests.web.desk import HOME, desk_of, drafted, fill, publish, rule_of, text_of
from tests.world import signed_in

HTMX = {"HX-Request": "true"}


def at(rule, what: str) -> str:
    """An address of a rule's."""
    return f"{HOME}programme/rules/{rule.id}/{what}/"


def test_each_rule_is_a_sentence_with_its_blanks(world):
    page = text_of(desk_of(world).get(PAGE))
    for rule in drafted(world.aroma).rules:
        assert f'id="rule-{rule.id}"' in page
        assert f'id="blank-{rule.id}-amount"' in page


def test_a_blank_opens_in_its_place(world):
    rule = rule_of(world.aroma)
    part = text_of(desk_of(world).get(at(rule, "blanks/amount"), headers=HTMX))
    assert part.lstrip().startswith('<li class="sentence')
    assert 'value="50"' in part
    assert "blank--open" in part


def test_without_a_script_it_opens_on_the_page(world):
    client, rule = desk_of(world), rule_of(world.aroma)
    response = client.get(at(rule, "blanks/amount"), follow=True)
    assert response.redirect_chain == [(f"{PAGE}?rule={rule.id}&blank=amount#rule-{rule.id}", 302)]
    assert 'value="50"' in text_of(response)


def test_a_blank_that_is_filled_in_changes_the_draft_and_says_what_was(world):
    client = desk_of(world)
    page = text_of(fill(client, rule_of(world.aroma), amount="60"))
    assert "1 change from version 2" in page
    assert "In force: 50 points on joining" in page
    assert rule_of(world.aroma).amount == 60
    assert version_of(world.aroma) == 2
    publish(client)
    assert version_of(world.aroma) == 3
    assert "In force:" not in text_of(client.get(PAGE))


@pytest.mark.parametrize("typed", ["", "-1", "many", "9" * 5000, "NaN"])
def test_what_cannot_be_is_refused_at_the_blank(world, typed):
    response = fill(desk_of(world), rule_of(world.aroma), amount=typed)
    assert response.status_code == 422
    assert 'id="blank_amount_error"' in text_of(response)
    assert rule_of(world.aroma).amount == 50
    assert "Publish…" not in text_of(response)


def test_a_sentence_is_added_with_its_first_blank_open(world):
    page = text_of(desk_of(world).post(f"{PAGE}rules/", {"what": "visit:flat"}, follow=True))
    assert "blank--open" in page
    assert "New" in page
    assert [rule.trigger for rule in drafted(world.aroma).rules] == ["purchase", "joining", "visit"]


@pytest.mark.parametrize("what", ["", "visit", "purchase:nothing", "nobody:flat", ":"])
def test_a_sentence_that_nobody_offered_is_not_added(world, what):
    desk_of(world).post(f"{PAGE}rules/", {"what": what})
    assert len(drafted(world.aroma).rules) == 2


def test_a_rule_is_switched_off_and_on(world):
    client, rule = desk_of(world), rule_of(world.aroma)
    client.post(at(rule, "switch"))
    assert not rule_of(world.aroma).active
    page = text_of(client.get(PAGE))
    assert '<p class="phone__line">50 points on joining</p>' not in page
    client.post(at(rule, "switch"), {"active": "on"})
    assert rule_of(world.aroma).active


def test_a_sentence_says_more_and_less(world):
    client, rule = desk_of(world), rule_of(world.aroma, "purchase")
    page = text_of(client.post(at(rule, "extras/weekday"), follow=True))
    assert "blank--open" in page
    kinds = [condition.kind for condition in rule_of(world.aroma, "purchase").conditions]
    assert kinds == ["weekday"]
    client.post(at(rule, "extras/weekday"), {"out": "1"})
    assert rule_of(world.aroma, "purchase").conditions == ()
    assert client.post(at(rule, "extras/moon")).status_code == 404


def test_a_sentence_is_taken_out(world):
    client = desk_of(world)
    page = text_of(client.post(at(rule_of(world.aroma), "removal"), follow=True))
    assert "The sentence is taken out of the draft." in page
    assert [rule.trigger for rule in drafted(world.aroma).rules] == ["purchase"]


def test_multipliers_add_up_where_somebody_says_so(world):
    client = desk_of(world)
    client.post(f"{PAGE}stacking/", {"stacking": "sum"})
    assert drafted(world.aroma).stacking == "sum"
    client.post(f"{PAGE}stacking/", {"stacking": "worst"})
    assert drafted(world.aroma).stacking == "best"


@pytest.mark.parametrize("what", ["switch", "removal", "extras/weekday", "blanks/amount"])
def test_another_shops_rule_is_not_there(world, what):
    before = drafted(world.bloom)
    for rule_id in (rule_of(world.bloom, "purchase").id, new_id()):
        path = f"{HOME}programme/rules/{rule_id}/{what}/"
        assert desk_of(world).post(path, {"amount": "9"}).status_code == 404
        assert signed_in(world.sam).post(path).status_code == 403
    assert drafted(world.bloom) == before
    assert f"rule={new_id()}" not in text_of(desk_of(world).get(f"{PAGE}?rule={new_id()}&blank=amount"))
