"""Designs that a shop keeps: their versions, and the one that its codes have."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from core import tenancy
from core.ids import new_id
from core.models import Event
from merchants import logos
from merchants.onboarding import NameMissing
from studio import designing
from studio.drawing import preflight
from studio.drawing.designs import Design, Logo
from studio.models import Design as Kept
from studio.models import DesignVersion
from studio.proving import prove
from studio.refusals import (
    DesignFails,
    DesignNotProven,
    DesignRefused,
    DesignUndrawable,
    DesignUnknown,
    TooManyDesigns,
    TooManyVersions,
)
from tests.merchants.test_logos import picture
from tests.studio.designs import FAILS, FAINT, GOOD, again, proven, put_default, save

DARKER = replace(GOOD, ink="#10281e")


@pytest.fixture
def aroma(world):
    """In whose scope each test runs."""
    with tenancy.scope(world.aroma.id):
        yield world.aroma


def told() -> list[str]:
    """Names of the events about designs, in their order."""
    return list(
        Event.objects.filter(name__startswith="design.").order_by("id").values_list("name", flat=True)
    )


def test_a_design_is_read_back_as_it_was_saved(aroma):
    version = save(aroma)
    (kept,) = designing.designs()
    assert (kept.newest, kept.default, kept.design.name, kept.newest.number) == (version, None, "Window", 1)
    assert designing.find_version(version.id).look == GOOD
    assert version.status == "waiting"


def test_each_change_is_a_version_and_the_same_again_is_none(aroma):
    first = save(aroma)
    second = save(aroma, DARKER, "Window, dark", design_id=first.design_id)
    assert save(aroma, DARKER, "Window, dark", design_id=first.design_id) == second
    assert [version.number for version in designing.versions_of(first.design_id)] == [2, 1]
    assert [(kept.design.name, kept.newest) for kept in designing.designs()] == [("Window, dark", second)]
    assert told() == ["design.saved", "design.renamed", "design.saved"]


def test_a_form_that_is_sent_twice_makes_one_design(aroma):
    key = new_id()
    assert save(aroma, key=key) == save(aroma, key=key)
    assert Kept.objects.count() == 1


def test_an_older_version_comes_back_as_the_newest_with_its_proof(aroma):
    first = proven(aroma)
    save(aroma, DARKER, design_id=first.design_id)
    back = designing.restore_version(merchant=aroma, version_id=first.id, actor_id=None)
    assert (back.number, back.look, back.status, back.score) == (3, GOOD, "done", 100)
    assert designing.restore_version(merchant=aroma, version_id=back.id, actor_id=None) == back


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " ", "error": NameMissing},
        {"design": replace(GOOD, ink="red"), "error": DesignUndrawable},
        {"design": replace(GOOD, logo=Logo(share=90)), "error": DesignUndrawable},
        {"design_id": new_id(), "error": DesignUnknown},
    ],
)
def test_what_is_no_design_is_not_kept(aroma, wrong):
    error = wrong.pop("error")
    with pytest.raises(error):
        save(aroma, **wrong)
    assert not DesignVersion.objects.exists()
    assert told() == []


def test_a_value_that_cannot_be_drawn_says_which(aroma):
    with pytest.raises(DesignUndrawable) as refusal:
        save(aroma, replace(GOOD, logo=Logo(share=90)))
    assert refusal.value.field == "logo.share"


def test_no_more_designs_and_versions_than_anybody_finds_again(aroma, monkeypatch):
    monkeypatch.setattr(designing, "MOST_DESIGNS", 1)
    monkeypatch.setattr(designing, "MOST_VERSIONS", 1)
    first = save(aroma)
    with pytest.raises(TooManyDesigns):
        save(aroma, name="Door")
    with pytest.raises(TooManyVersions):
        save(aroma, DARKER, design_id=first.design_id)
    designing.remove(design_id=first.design_id, actor_id=None)
    save(aroma, name="Door")
    with pytest.raises(TooManyDesigns):
        designing.bring_back(design_id=first.design_id, actor_id=None)


def test_the_default_is_the_one_that_was_chosen_last_and_can_be_undone(aroma):
    one, other = proven(aroma), proven(aroma, DARKER, "Door")
    assert put_default(aroma, one) is None
    assert put_default(aroma, other) == one
    assert put_default(aroma, other) == other
    assert {kept.design.name: kept.default for kept in designing.designs()} == {"Window": None, "Door": 1}
    assert put_default(aroma, one) == other
    assert designing.drop_default(actor_id=None) == one
    assert designing.default_version() is None
    assert designing.drop_default(actor_id=None) is None
    assert told()[2:] == ["design.made_default"] * 3 + ["design.default_dropped"]


def test_a_new_version_is_not_the_default_until_somebody_says_so(aroma):
    first = proven(aroma)
    put_default(aroma, first)
    save(aroma, FAINT, design_id=first.design_id)
    assert designing.default_version() == first
    assert [kept.default for kept in designing.designs()] == [1]


@pytest.mark.parametrize(
    ("design", "at"),
    [
        (FAINT, "ink"),
        (replace(GOOD, style="linear", second="#e8e0d0"), "second"),
        (replace(GOOD, ink="#ffffff", paper="#1f4d3a"), "ink"),
        (replace(GOOD, logo=Logo(40, 3.0, "square"), error="L"), "logo.share"),
        (replace(GOOD, quiet=1), "quiet"),
    ],
    ids=["faint", "faint at its end", "inverted", "an eye covered", "no border"],
)
def test_what_is_forbidden_is_never_the_default_however_it_is_read(aroma, design, at):
    version = proven(aroma, design)
    with pytest.raises(DesignRefused) as refusal:
        put_default(aroma, version)
    assert refusal.value.field == at
    assert designing.default_version() is None


def test_what_is_not_read_back_is_never_the_default(aroma):
    version = proven(aroma, FAILS)
    with pytest.raises(DesignFails) as refusal:
        put_default(aroma, version)
    assert refusal.value.params == {"failed": len(version.failures), "total": len(preflight.FULL)}
    assert designing.default_version() is None


def test_what_is_not_proven_yet_is_not_the_default(aroma):
    with pytest.raises(DesignNotProven):
        put_default(aroma, save(aroma))


def test_what_was_proven_with_another_logo_is_proven_again_before_it_is_the_default(aroma):
    version = proven(aroma)
    logos.set_logo(merchant=aroma, content=picture(), crop=logos.Crop(), actor=None)
    with pytest.raises(DesignNotProven):
        designing.make_default(merchant=aroma, version_id=version.id, actor_id=None)
    assert again(aroma, version).status == "waiting"
    prove(merchant=aroma, version_id=version.id)
    put_default(aroma, version)
    assert designing.default_version() == version


def test_the_database_itself_refuses_a_default_that_has_not_passed(aroma):
    version = save(aroma)
    with pytest.raises(IntegrityError), transaction.atomic():
        DesignVersion.objects.filter(id=version.id).update(is_default=True)


def test_a_removed_design_is_no_default_and_comes_back_as_it_was(aroma):
    version = proven(aroma)
    put_default(aroma, version)
    designing.remove(design_id=version.design_id, actor_id=None)
    designing.remove(design_id=version.design_id, actor_id=None)
    assert (designing.designs(), designing.default_version()) == ([], None)
    with pytest.raises(DesignUnknown):
        put_default(aroma, version)
    with pytest.raises(DesignUnknown):
        designing.rename(design_id=version.design_id, name="Door", actor_id=None)
    designing.bring_back(design_id=version.design_id, actor_id=None)
    assert designing.default_version() == version
    assert told()[2:] == ["design.removed", "design.returned"]


def test_an_old_tab_saves_nothing_of_a_design_that_was_removed(aroma):
    key = new_id()
    designing.remove(design_id=save(aroma, key=key).design_id, actor_id=None)
    with pytest.raises(DesignUnknown):
        save(aroma, key=key)


def test_what_became_default_meanwhile_stays_so(aroma):
    one, other = proven(aroma), proven(aroma, DARKER, "Door")
    put_default(aroma, one)
    designing.remove(design_id=one.design_id, actor_id=None)
    put_default(aroma, other)
    designing.bring_back(design_id=one.design_id, actor_id=None)
    assert designing.default_version() == other


def test_another_shops_design_is_none_of_ours(world):
    theirs = proven(world.bloom, Design())
    with tenancy.scope(world.aroma.id):
        for verb in (designing.rename, designing.remove, designing.bring_back):
            more = {"name": "Ours"} if verb is designing.rename else {}
            with pytest.raises(DesignUnknown):
                verb(design_id=theirs.design_id, actor_id=None, **more)
        with pytest.raises(DesignUnknown):
            designing.make_default(merchant=world.aroma, version_id=theirs.id, actor_id=None)
        with pytest.raises(DesignUnknown):
            designing.restore_version(merchant=world.aroma, version_id=theirs.id, actor_id=None)
        with pytest.raises(DesignUnknown):
            save(world.aroma, design_id=theirs.design_id)
        assert (designing.designs(), list(designing.versions_of(theirs.design_id))) == ([], [])
        ours = save(world.aroma, key=theirs.design_id)  # a key of theirs is another one here
        assert (ours.number, ours.status) == (1, "waiting")
