"""Another shop's vouchers at every door that takes one: see `cases`."""

from collections.abc import Iterator

from core import tenancy
from core.ids import new_id
from rewards.vouchers import find_voucher
from tests.isolation.hand import Hand, Sent, case


@case("voucher_redeem: location", "voucher_redeem: purchase", writes=True)
def a_voucher_and_what_is_said_with_it(hand: Hand) -> Iterator[Sent]:
    """Theirs is none of ours; ours is used at no place and on no purchase of theirs."""
    theirs, ours = hand.other.texts["voucher"], hand.mine.texts["voucher"]
    yield hand.api("GET", f"/vouchers/{theirs}"), {404}
    yield hand.api("POST", f"/vouchers/{theirs}/redemption", key=str(new_id())), {404}
    for said in (
        {"location": hand.their("loc", "location_id")},
        {"purchase": hand.their("pur", "purchase_id")},
    ):
        yield hand.api("POST", f"/vouchers/{ours}/redemption", said, key=str(new_id())), {404, 422}
    with tenancy.scope(hand.other.merchant.id):
        assert find_voucher(theirs, hand.other.merchant).state == "issued"


@case("voucher_redeem: Idempotency-Key", writes=True)
def a_key_for_vouchers_that_they_used(hand: Hand) -> Iterator[Sent]:
    """As with any key: it is its shop's."""
    used = next(hand.used_keys())
    yield hand.api("POST", f"/vouchers/{hand.mine.texts['voucher']}/redemption", key=used), {201}
