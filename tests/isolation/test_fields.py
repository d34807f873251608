"""Another shop's ids, cards, contacts, cursors and keys, wherever a request may say one."""

import pytest

from tests.isolation import (  # noqa: F401  they fill CASES
    cases,
    cases_at_the_till,
    cases_codes,
    cases_designs,
    cases_links,
    cases_rewards,
    cases_vouchers,
)
from tests.isolation.fields import PLAIN, all_fields
from tests.isolation.hand import CASES, Hand
from tests.isolation.knocking import fingerprint
from tests.isolation.telling import tell


def plain():
    """The fields that name no object."""
    return {
        f"{place}: {name}"
        for place, _colon, names in (line.partition(": ") for line in PLAIN.strip().splitlines())
        for name in names.split()
    }


def test_every_field_has_its_case_or_names_nothing(db):
    cased, found = {name for case in CASES for name in case.fields}, all_fields()
    assert sorted(found - cased - plain()) == [], "say in cases.py what happens with another shop's id in it"
    assert sorted((cased | plain()) - found) == [], "nobody reads these any more"
    assert sorted(cased & plain()) == []
    tell(
        what="fields of bodies, forms, queries and headers covered", done=len(cased | plain()), of=len(found)
    )
    tell(
        what="fields that name an object, each tried with another shop's",
        done=len(cased),
        of=len(found - plain()),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("slug", ["aroma", "bloom"])
def test_another_shops_id_is_as_good_as_none(stage, administrator, mail_folder, case, slug):
    mine = getattr(stage, slug)
    hand = Hand(stage, mine)
    before = {}

    def mark():
        before.update(other=fingerprint(administrator, hand.other))

    hand.mark = mark
    before["mine"] = fingerprint(administrator, hand.mine)
    mark()
    for answer, statuses in case.send(hand):
        assert answer.status_code in statuses, (answer.wsgi_request.path, answer.content[:300])
        assert hand.learns(answer) == [], answer.content
        assert fingerprint(administrator, hand.other) == before["other"], answer.wsgi_request.path
    if not case.writes:
        assert fingerprint(administrator, hand.mine) == before["mine"]
