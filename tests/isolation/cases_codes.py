"""Another shop's codes at every door that takes one: see `cases`."""

from collections.abc import Iterator

from core import tenancy
from loyalty.codes.texts import Place, code_at
from loyalty.models import CodeUse
from members import cards
from tests.isolation.hand import Hand, Sent, case


@case(
    "code_redeem: code",
    "scanner/entering: typed",
    "scanner/entering: key",
    "CodeEntryForm: code",
    "CodeEntryForm: key",
    "card/codes: code",
    "JoinForm: code",
    "card/joining: code",
    writes=True,
)
def a_code_of_theirs(hand: Hand) -> Iterator[Sent]:
    """What is printed for the one shop is no code of the other: it says nothing, and is not used up."""
    code, page = code_at(hand.other.merchant.id, Place(1, 1)), f"/c/{hand.slug}/codes"
    yield hand.get(page, hand.member, code=code), {200}
    yield hand.post(page, hand.member, code=code, key=str(hand.other.ids["batch_id"])), {422}
    yield (
        hand.api("POST", "/codes/redemptions", {"member": hand.own("mem", "member_id"), "code": code}),
        {422},
    )
    card = cards.static_code(hand.mine.card, hand.mine.merchant)
    yield (
        hand.post(f"/scan/{hand.slug}/codes", code=card, typed=code, key=str(hand.other.ids["batch_id"])),
        {422},
    )
    yield hand.get(f"/c/{hand.slug}/join", hand.visitor, code=code), {200}
    yield hand.post(f"/c/{hand.slug}/join", hand.visitor, name="New", phone="+33611220005", code=code), {302}
    with tenancy.scope(hand.other.merchant.id):
        assert CodeUse.objects.count() == 1


@case(
    *(f"{name}: Idempotency-Key" for name in ("code_batch_make", "code_batch_stop", "code_redeem")),
    "CodesForm: key",
    writes=True,
)
def a_key_for_codes_that_they_used(hand: Hand) -> Iterator[Sent]:
    """As with any key: it is its shop's."""
    mine = hand.own("mem", "member_id")
    new, wrong = {"name": "By key", "size": 2}, {"code": "NO SUCH WORD"}
    theirs = hand.api("POST", "/code-batches", new, key="made", shop=hand.other).json()["id"]
    hand.api("POST", f"/code-batches/{theirs}/stop", key="stopped", shop=hand.other)
    hand.api(
        "POST",
        "/codes/redemptions",
        wrong | {"member": hand.their("mem", "member_id")},
        key="till",
        shop=hand.other,
    )
    hand.mark()
    ours = hand.api("POST", "/code-batches", new, key="made")
    yield ours, {201}
    yield hand.api("POST", f"/code-batches/{ours.json()['id']}/stop", key="stopped"), {201}
    yield hand.api("POST", "/codes/redemptions", wrong | {"member": mine}, key="till"), {422}
    codes = f"/dashboard/{hand.slug}/codes/new/"
    yield hand.post(codes, name="Ours", size="5", key=str(hand.other.ids["batch_id"])), {302}
