"""What is looked at while a check is missing: small parts of these suites, quick enough to be asked for each mutant."""

from contextlib import suppress

from django.db import DatabaseError, connection, transaction

from core import tenancy
from members.models import Member
from tests.isolation import cases
from tests.isolation.addresses import Address
from tests.isolation.hand import Hand
from tests.isolation.knocking import Knocker, knockers, session_of
from tests.isolation.stage import Stage
from tests.isolation.walk import Walk, knock_at


def everybody(address: Address, stage: Stage) -> list[str]:
    """All who knock at this address, until one of them finds something."""
    return _first(address, stage, knockers(stage, address.kind))


def staff(address: Address, stage: Stage) -> list[str]:
    """Whose role does not allow it."""
    return _first(
        address, stage, [who for who in knockers(stage, "desk") if who.role in ("cashier", "manager")]
    )


def programs(address: Address, stage: Stage) -> list[str]:
    """Keys of every scope."""
    return _first(address, stage, [who for who in knockers(stage, "api") if who.home])


def _first(address: Address, stage: Stage, people: list[Knocker]) -> list[str]:
    for who in people:
        for found in knock_at(stage, address, who, Walk()):
            return [found]
    return []


def a_cashier_undoes_anothers_scan(stage: Stage) -> list[str]:
    """A purchase that the owner recorded."""
    sam = Knocker("cashier", stage.aroma, "cashier", session_of(stage.aroma.cashier))
    path = f"/scan/aroma/purchases/{stage.aroma.ids['purchase_id']}/cancellation"
    answer = sam.knock("POST", path, b"", "application/x-www-form-urlencoded")
    return [] if answer.status_code == 403 else [f"a cashier undoes another's scan: {answer.status_code}"]


def our_grammar_is_explained(stage: Stage) -> list[str]:
    """A bad body, with a key that may not record purchases and with one that is no key."""
    said = []
    for key in (stage.aroma.keys["members:read"], stage.aroma.texts["revoked"]):
        answer = Knocker("key", None, key=key).knock("POST", "/api/v1/purchases", b"{", "application/json")
        said += (
            []
            if answer.status_code in (401, 403)
            else [f"a bad body is explained to a stranger: {answer.content!r}"]
        )
    return said


def cards_of_the_other_shop(stage: Stage) -> list[str]:
    """As `test_fields.py` asks."""
    hand = Hand(stage, stage.aroma)
    for send in (cases.their_card_at_our_till, cases.a_purchase_for_their_member_or_place):
        for answer, statuses in send(hand):
            if answer.status_code not in statuses or hand.learns(answer):
                return [f"{answer.wsgi_request.path}: {answer.status_code}"]
    return []


def a_query_without_a_scope(stage: Stage) -> list[str]:
    """The code's own lock says no before the database does."""
    with suppress(tenancy.ScopeMissing), transaction.atomic():
        with suppress(DatabaseError), transaction.atomic():
            Member.objects.count()
        return ["a query without a scope is sent"]
    return []


def a_scope_inside_anothers(stage: Stage) -> list[str]:
    """Two merchants in one piece of work."""
    with (
        suppress(tenancy.ScopeMismatch),
        tenancy.scope(stage.aroma.merchant.id),
        tenancy.scope(stage.bloom.merchant.id),
    ):
        return ["a scope is opened inside another's"]
    return []


def a_scope_that_stays(stage: Stage) -> list[str]:
    """After its block, inside a longer transaction: neither the code nor the database knows of it."""
    found = []
    token = tenancy._current.set(None)
    try:
        with tenancy.scope(stage.aroma.merchant.id):
            pass
        if tenancy._current.get() is not None:
            found.append("the code still has the scope")
    finally:
        tenancy._current.reset(token)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.merchant_id', true)")
        if cursor.fetchone() not in ((None,), ("",)):
            found.append("the database still has the scope")
    return found
