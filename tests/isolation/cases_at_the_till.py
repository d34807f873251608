"""Another shop's rewards, and rewards for another shop's members, at our till: see `cases`."""

from collections.abc import Iterator
from itertools import cycle

from core import tenancy
from core.ids import new_id
from members import cards
from rewards.models import Redemption
from rewards.showing import write_taken
from tests.isolation.hand import Hand, Sent, case


@case(
    "scanner/taken: code",
    "scanner/taken: key",
    "scanner/taken: purchase",
    "scanner/proving: code",
    "scanner/handing: code",
    "scanner/handing: purchase",
    "scanner/handing: key",
    "scanner/handing: reward",
    "scanner/handing: redemption",
    "scanner/tickets: code",
)
def a_reward_for_their_card_or_of_theirs_at_our_till(hand: Hand) -> Iterator[Sent]:
    used, address = cycle(hand.used_keys()), f"/scan/{hand.slug}/redemptions"
    for text in hand.texts():
        sent = {"code": text, "reward": str(hand.mine.ids["reward_id"]), "key": next(used)}
        yield hand.post(address, **sent), {404, 422}
        yield hand.post(f"/scan/{hand.slug}/proofs", code=text), {404, 422}
        shown = hand.post(f"/scan/{hand.slug}/rewards", code=text)
        assert not shown.content.strip()
        yield shown, {200}
    with tenancy.scope(hand.other.merchant.id):
        taken = write_taken(Redemption.objects.get(id=hand.other.ids["redemption_id"]), hand.other.merchant)
    for path in ("lookup", "captures"):
        yield hand.post(f"/scan/{hand.slug}/{path}", code=taken, key=str(new_id())), {422}
    with tenancy.scope(hand.mine.merchant.id):
        ours = write_taken(Redemption.objects.get(id=hand.mine.ids["redemption_id"]), hand.mine.merchant)
    bought = {"code": ours, "key": str(new_id()), "purchase": str(hand.other.ids["purchase_id"])}
    yield hand.post(f"/scan/{hand.slug}/captures", **bought), {404}
    theirs = {"code": cards.rotating_code(hand.mine.card, hand.mine.merchant), "key": str(new_id())}
    yield hand.post(address, **theirs, reward=str(hand.other.ids["reward_id"])), {404}
    yield hand.post(address, **theirs, redemption=str(hand.other.ids["redemption_id"])), {404}
    for text in hand.texts():
        sent = {"code": text, "reward": str(hand.mine.ids["reward_id"]), "key": str(new_id())}
        yield hand.post(address, **sent, purchase=str(hand.other.ids["purchase_id"])), {404, 422}


@case("redemption_capture: location", "redemption_capture: purchase")
def what_we_hold_used_at_their_place_or_on_their_purchase(hand: Hand) -> Iterator[Sent]:
    taken = hand.own("red", "redemption_id")
    for said in (
        {"location": hand.their("loc", "location_id")},
        {"purchase": hand.their("pur", "purchase_id")},
    ):
        yield hand.api("POST", f"/redemptions/{taken}/capture", said), {404, 422}
