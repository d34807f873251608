"""The proof of a saved design: by a worker, once for what is the same, and again after whoever died of it."""

import threading
from contextlib import closing
from dataclasses import replace

import pytest
from django.db import connection
from django.utils import timezone

from config import tasks
from core import tenancy
from core.models import Event
from merchants import logos
from studio import designing, proving
from studio.drawing import preflight
from studio.drawing.designs import Design
from studio.models import DesignVersion
from studio.refusals import DesignProofBroken
from tests.analytics.test_rollups import deliver_all
from tests.merchants.test_logos import picture
from tests.studio.designs import FAILS, FAINT, GOOD, again, proven, put_default, save
from tests.world import make_world


def test_a_good_design_passes_all_that_is_promised(world):
    version = proven(world.aroma)
    assert (version.status, version.score, version.passed, version.failures) == ("done", 100, True, [])
    assert (version.done, version.total, version.percent) == (len(preflight.FULL),) * 2 + (100,)


def test_a_failing_one_says_where(world):
    version = proven(world.aroma, FAILS)
    assert (version.status, version.passed) == ("done", False)
    assert version.score < 100
    assert {tuple(scene) for scene in version.failures} <= {
        (scene.name, scene.size) for scene in preflight.FULL
    }
    assert version.failures
    read = len(preflight.FULL) - len(version.failures)
    assert version.score == round(100 * read / len(preflight.FULL))


def test_a_forbidden_one_does_not_pass_however_it_is_read(world):
    assert not proven(world.aroma, replace(GOOD, quiet=1)).passed
    assert not proven(world.aroma, FAINT).passed


def test_the_same_design_is_not_proven_twice(world):
    first = proven(world.aroma, FAILS)
    with tenancy.scope(world.aroma.id):
        other = save(world.aroma, FAILS, "Door")
    assert (other.status, other.score, other.passed) == ("done", first.score, False)
    assert other.failures == first.failures
    assert save(world.aroma, GOOD, "Roof").status == "waiting"


def test_what_another_shop_has_proven_says_nothing_here(world):
    plain = Design()
    theirs = proven(world.bloom, plain)
    assert save(world.aroma, plain).status == "waiting"
    assert theirs.digest != again(world.aroma, proven(world.aroma, plain, "Door")).digest


def test_progress_is_seen_while_it_is_proven(committed_db, monkeypatch):
    aroma = make_world().aroma
    version, seen = save(aroma), []
    monkeypatch.setattr(proving, "STEP", 1)
    spoilt = preflight.conditions.spoilt

    def looking(*given):
        seen.append(again(aroma, version).percent)
        return spoilt(*given)

    monkeypatch.setattr(preflight.conditions, "spoilt", looking)
    proving.prove(merchant=aroma, version_id=version.id)
    assert list(dict.fromkeys(seen)) == [
        100 * done // len(preflight.FULL) for done in range(len(preflight.FULL))
    ]


def test_whoever_waits_is_told_that_a_proof_broke_off_and_can_ask_again(world, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(preflight, "FULL", (None,))
        version = proven(world.aroma)
    assert (version.status, version.passed) == ("failed", False)
    with pytest.raises(DesignProofBroken):
        put_default(world.aroma, version)
    with tenancy.scope(world.aroma.id):
        proving.ask_again(merchant=world.aroma, version_id=version.id)
    assert again(world.aroma, version).status == "waiting"
    proving.prove(merchant=world.aroma, version_id=version.id)
    assert again(world.aroma, version).passed


def test_a_proof_that_is_there_is_not_asked_for_again(world):
    version = proven(world.aroma)
    with tenancy.scope(world.aroma.id):
        proving.ask_again(merchant=world.aroma, version_id=version.id)
    assert again(world.aroma, version) == version
    assert again(world.aroma, version).finished_at == version.finished_at


def test_a_proof_survives_the_worker_that_read_it(committed_db):
    aroma = make_world().aroma
    version = save(aroma)
    [(_merchant, _version, first)] = proving.lease_waiting()
    assert proving.lease_waiting() == []  # somebody is at work
    with tenancy.scope(aroma.id):
        DesignVersion.objects.update(seen_at=timezone.now() - 2 * proving.LEASE)
    [(merchant_id, version_id, leased_at)] = proving.lease_waiting()
    assert (merchant_id, version_id) == (aroma.id, version.id)
    proving.prove(merchant=aroma, version_id=version.id, leased_at=first)  # the message of an older lease
    assert again(aroma, version).status == "running"
    tasks.prove(str(aroma.id), str(version.id), leased_at.isoformat())
    assert again(aroma, version).passed
    assert proving.lease_waiting() == []


def test_the_many_of_one_shop_are_not_before_the_one_of_another(committed_db):
    world = make_world()
    first, *_rest = [save(world.aroma, replace(GOOD, quiet=quiet)) for quiet in (4, 5, 6)]
    other = save(world.bloom)
    assert {row[1] for row in proving.lease_waiting(2)} == {first.id, other.id}


def test_a_worker_that_comes_back_late_changes_nothing(committed_db, monkeypatch):
    aroma = make_world().aroma
    version = save(aroma, FAILS)

    def taken_over(*_given, **_more):
        with tenancy.scope(aroma.id):
            DesignVersion.objects.update(seen_at=timezone.now())
        return preflight.Result((), ())

    monkeypatch.setattr(preflight, "full", taken_over)
    proving.prove(merchant=aroma, version_id=version.id)
    assert again(aroma, version).status == "running"


def test_so_many_proofs_at_once_that_workers_are_left(committed_db):
    aroma = make_world().aroma
    for number in range(proving.MOST_AT_ONCE + 1):
        save(aroma, replace(GOOD, angle=number), f"Window {number}")
    assert len(proving.lease_waiting()) == proving.MOST_AT_ONCE
    assert proving.lease_waiting() == []


def test_a_version_that_is_saved_during_a_proof_waits_for_its_own(committed_db, monkeypatch):
    aroma = make_world().aroma
    first = save(aroma)
    full, saved = preflight.full, []

    def meanwhile(*given, **more):
        saved.append(save(aroma, FAILS, design_id=first.design_id))
        return full(*given, **more)

    monkeypatch.setattr(preflight, "full", meanwhile)
    proving.prove(merchant=aroma, version_id=first.id)
    assert (again(aroma, first).passed, again(aroma, saved[0]).status) == (True, "waiting")


def test_two_defaults_at_once_are_one(committed_db):
    aroma = make_world().aroma
    chosen = [proven(aroma, replace(GOOD, angle=turn), f"Window {turn}") for turn in range(4)]
    chosen_by_all = []

    def choose(version):
        with closing(connection):
            put_default(aroma, version)
            chosen_by_all.append(version)

    threads = [threading.Thread(target=choose, args=[version]) for version in chosen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(chosen_by_all) == len(chosen)
    with tenancy.scope(aroma.id):
        assert DesignVersion.objects.filter(is_default=True).count() == 1
        assert designing.default_version() in chosen


def test_another_logo_has_the_default_proven_again(world):
    version = proven(world.aroma)
    put_default(world.aroma, version)
    with tenancy.scope(world.aroma.id):
        Event.objects.all().delete()
    logos.set_logo(merchant=world.aroma, content=picture(), crop=logos.Crop(), actor=None)
    deliver_all(world.aroma)
    waiting = again(world.aroma, version)
    assert (waiting.status, waiting.is_default) == ("waiting", True)
    proving.prove(merchant=world.aroma, version_id=version.id)
    proved = again(world.aroma, version)
    assert (proved.passed, proved.is_default) == (True, True)
    assert proved.digest != version.digest


def test_a_default_that_is_not_read_with_the_new_mark_is_none_any_more(world, monkeypatch):
    version = proven(world.aroma)
    put_default(world.aroma, version)
    logos.set_logo(merchant=world.aroma, content=picture(), crop=logos.Crop(), actor=None)
    deliver_all(world.aroma)
    monkeypatch.setattr(preflight, "read", lambda _picture: "")
    proving.prove(merchant=world.aroma, version_id=version.id)
    assert not again(world.aroma, version).is_default
    with tenancy.scope(world.aroma.id):
        assert Event.objects.filter(name="design.default_failed").exists()
