"""The programme as programs read it."""

from core import tenancy
from core.ids import new_id
from loyalty.programme.publishing import change_programme
from loyalty.programme.unit_kinds import new_unit
from loyalty.rules.editing import with_rule, with_unit, without_unit
from loyalty.rules.types import Rule


def test_a_badge_outlives_the_unit_beside_which_it_was_made(till, world):
    unit_id, merchant = str(new_id()), world.aroma
    badge = Rule(
        str(new_id()), "visit", unit_id, gives="badge", names={"en": "Explorer", "fr": "Explorateur"}
    )
    with tenancy.scope(merchant.id):
        change_programme(
            merchant=merchant,
            actor=None,
            change=lambda version: with_rule(with_unit(version, new_unit("stamps", unit_id, version)), badge),
        )
        change_programme(merchant=merchant, actor=None, change=lambda version: without_unit(version, unit_id))
    answer = till.get("/programme")
    assert answer.status_code == 200
    assert answer.json()["rules"][-1]["unit"] is None
