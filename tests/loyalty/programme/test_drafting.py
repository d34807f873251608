"""The draft: changes wait in it, are undone one by one, and are published in one act that nobody's work is lost by."""

import threading
from dataclasses import replace

import pytest
from django.db import connections

from core import tenancy
from loyalty.models import Draft, ProgrammeVersion, Standing
from loyalty.models import Tier as TierRow
from loyalty.models import Unit as UnitRow
from loyalty.programme import beginning, drafting, publishing, versions
from loyalty.programme.adopting import adopt_version
from loyalty.programme.problems import ProgrammeWrong
from loyalty.queries import standing_of
from loyalty.rules import editing
from loyalty.rules.tiers import Season, Tier
from loyalty.rules.types import Condition, Rule, Unit, Version
from merchants.models import StaffMember
from tests.world import buy

PLATINUM = Tier("019a0000-0000-7000-8000-000000000001", "Platinum", 90_000, 200)


@pytest.fixture
def aroma(world):
    """Inside Aroma's scope."""
    with tenancy.scope(world.aroma.id):
        yield world


@pytest.fixture
def olivia(aroma):
    return StaffMember.objects.get(user=aroma.olivia)


def change(world, new, **more):
    return drafting.change_draft(merchant=world.aroma, change=new, actor=more.pop("actor", None), **more)


def publish(world, **more):
    return drafting.publish_draft(merchant=world.aroma, actor=more.pop("actor", None), **more)


def rename(name):
    return lambda version: editing.renamed(version, name)


def per_euro(amount):
    return lambda version: editing.changed_rule(version, each(version).id, amount=amount)


def each(version):
    return next(rule for rule in version.rules if rule.trigger == "purchase")


def test_nothing_of_a_draft_counts_before_it_is_published(world):
    with tenancy.scope(world.aroma.id):
        before = versions.version_in_force()
        change(world, per_euro(7))
        assert versions.version_in_force() == before
        assert each(drafting.edited_version()).amount == 7
    assert '"amount":10,' in buy(world.aroma, world.noah, 1000)
    with tenancy.scope(world.aroma.id):
        published = publish(world, note="Seven for one, all year")
        assert (published.number, published.note) == (before.number + 1, "Seven for one, all year")
        assert drafting.draft_of() is None
    assert '"amount":70,' in buy(world.aroma, world.noah, 1000)


def test_changes_are_undone_one_by_one_until_there_is_no_draft(aroma):
    change(aroma, rename("One"))
    change(aroma, rename("Two"))
    change(aroma, rename("Three"))
    assert drafting.undo_draft().version.name == "Two"
    assert drafting.undo_draft().version.name == "One"
    assert drafting.undo_draft() is None
    with pytest.raises(drafting.DraftMissing):
        drafting.undo_draft()


def test_a_change_that_changes_nothing_is_no_step(aroma):
    assert change(aroma, rename(versions.version_in_force().name)) is None
    first = change(aroma, rename("One"))
    assert change(aroma, rename("One")).revision == first.revision


def test_a_revision_is_never_used_twice_so_an_old_page_is_told_apart(aroma, olivia):
    first = change(aroma, rename("One"), revision=0)
    second = change(aroma, rename("Two"), actor=olivia, revision=first.revision)
    for old in (0, first.revision):
        with pytest.raises(drafting.DraftChanged) as refused:
            change(aroma, rename("Three"), revision=old)
        assert "Olivia Marchand has changed the draft" in refused.value.detail
    drafting.undo_draft(revision=second.revision)
    with pytest.raises(drafting.DraftChanged):
        change(aroma, rename("Three"), revision=second.revision)
    third = change(aroma, rename("Three"), revision=first.revision)
    assert third.revision > second.revision


def test_a_discarded_draft_is_gone_with_all_its_steps(aroma):
    before = drafting.edited_version()
    change(aroma, rename("One"))
    change(aroma, rename("Two"))
    drafting.discard_draft()
    drafting.discard_draft()
    assert drafting.draft_of() is None
    assert drafting.edited_version() == before
    assert not Draft.objects.exists()
    with pytest.raises(drafting.DraftMissing):
        publish(aroma)


def test_what_somebody_took_out_of_the_draft_cannot_be_changed_there(aroma):
    rule_id = each(versions.version_in_force()).id
    change(aroma, lambda version: editing.without_rule(version, rule_id))
    before = drafting.draft_of()
    with pytest.raises(drafting.PartGone):
        change(aroma, lambda version: editing.changed_rule(version, rule_id, amount=2))
    assert drafting.draft_of() == before


def test_a_change_that_brings_something_wrong_is_refused_at_its_field(aroma):
    rule_id = each(versions.version_in_force()).id
    change(aroma, rename("One"))
    before = drafting.draft_of()
    with pytest.raises(ProgrammeWrong) as refused:
        change(aroma, lambda version: editing.changed_rule(version, rule_id, per_minor=0))
    assert (refused.value.field, refused.value.problems[0].rule) == ("per_minor", rule_id)
    assert refused.value.detail == "Write a number from €0.01 to €10,000,000."
    assert drafting.draft_of() == before


def test_a_programme_from_outside_becomes_the_draft_with_ids_of_its_own(aroma):
    in_force = versions.version_in_force()
    outside = Version(
        0, "Cafés", "EUR",
        (Unit("points", "points", {"en": ("bean", "beans")}), Unit("stamps", "stamps", {"en": ("stamp", "stamps")}, "stamps")),
        (Rule("a", "purchase", "points", amount=2, per_minor=100), Rule("b", "visit", "stamps", amount=1, gives="flat",
         conditions=(Condition("tier", {"any": ["gold"]}),))),
        (Tier("gold", "Gold", 10_000, 150),),
    )  # fmt: skip
    draft = adopt_version(merchant=aroma.aroma, version=outside, actor=None).version
    points, stamps = draft.units
    assert points.id == in_force.units[0].id, "a unit of the same code is the same unit"
    assert {rule.unit for rule in draft.rules} == {points.id, stamps.id}
    assert draft.rules[1].conditions[0].given == {"any": [draft.tiers[0].id]}
    publish(aroma)
    assert [unit.code for unit in versions.version_in_force().units] == ["points", "stamps"]
    assert UnitRow.objects.get(code="stamps").kind == "stamps"
    assert standing_of(aroma.mia.id).points == 1200
    again = adopt_version(merchant=aroma.aroma, version=draft, actor=None)
    assert again is None, "with its own ids it is what is in force"


def test_a_draft_that_changes_nothing_is_not_published(aroma):
    name = versions.version_in_force().name
    change(aroma, rename("One"))
    change(aroma, rename(name))
    before = ProgrammeVersion.objects.count()
    with pytest.raises(drafting.NothingToPublish):
        publish(aroma)
    assert ProgrammeVersion.objects.count() == before


def test_the_tables_follow_what_is_published(aroma):
    change(aroma, lambda version: editing.with_tier(editing.renamed(version, "Carte Aroma"), PLATINUM))
    assert not TierRow.objects.filter(name="Platinum").exists()
    publish(aroma)
    assert TierRow.objects.get(name="Platinum").threshold_minor == 90_000
    assert Standing.objects.select_related("tier").get(member=aroma.mia).tier.name == "Platinum"
    change(aroma, lambda version: editing.without_tier(version, PLATINUM.id))
    publish(aroma)
    assert Standing.objects.select_related("tier").get(member=aroma.mia).tier.name == "Gold"


def test_publishing_lifts_nobody_into_a_tier_of_a_season(aroma):
    summer = replace(PLATINUM, season=Season("06-01", "06-02"))
    change(aroma, lambda version: editing.with_tier(version, summer))
    publish(aroma)
    assert Standing.objects.select_related("tier").get(member=aroma.mia).tier.name == "Gold"


def test_who_publishes_learns_of_a_version_that_came_in_between(aroma, olivia):
    change(aroma, per_euro(5))
    with_other_rules = drafting.draft_of().version
    # As a till that was opened before the draft: nothing of it is carried over.
    with publishing.changing():
        other = publishing.publish(
            merchant=aroma.aroma, version=editing.renamed(versions.version_in_force(), "Other"), actor=olivia
        )
    with pytest.raises(drafting.PublishedMeanwhile) as refused:
        publish(aroma)
    assert f"Olivia Marchand published version {other.number} on" in refused.value.detail
    assert drafting.draft_of().version == with_other_rules
    assert versions.version_in_force().name == "Other"
    publish(aroma, over=other.number)
    assert each(versions.version_in_force()).amount == 5


def test_a_change_at_once_reaches_the_draft_too(aroma):
    change(aroma, per_euro(5))
    publishing.change_programme(merchant=aroma.aroma, change=beginning.renaming("Carte Aroma"), actor=None)
    draft = drafting.draft_of().version
    assert (draft.name, each(draft).amount) == ("Carte Aroma", 5)
    publish(aroma)
    in_force = versions.version_in_force()
    assert (in_force.name, each(in_force).amount) == ("Carte Aroma", 5)


def test_of_two_who_publish_the_draft_at_once_one_does(committed_db, world):
    with tenancy.scope(world.aroma.id):
        change(world, rename("One"))
        before = ProgrammeVersion.objects.count()
    outcomes, start = [], threading.Barrier(2)

    def one():
        start.wait()
        try:
            with tenancy.scope(world.aroma.id):
                outcomes.append(publish(world).number)
        except drafting.DraftMissing:
            outcomes.append("missing")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == [str(before + 1), "missing"]
    with tenancy.scope(world.aroma.id):
        assert ProgrammeVersion.objects.count() == before + 1
