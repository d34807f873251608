"""Another shop's rewards on the card: see `cases`."""

from collections.abc import Iterator

from core import tenancy
from rewards.models import Redemption
from tests.isolation.hand import Hand, Sent, case


@case("card/taking: key", writes=True)
def a_reward_of_theirs_on_our_card(hand: Hand) -> Iterator[Sent]:
    """It leads back, and nothing of theirs is taken; under a key that they used, ours is taken as under any."""
    used = str(hand.other.ids["redemption_id"])
    theirs, ours = hand.other.ids["reward_id"], hand.mine.ids["reward_id"]
    yield hand.post(f"/c/{hand.slug}/rewards/{theirs}/taking", hand.member, key=used), {302}
    yield hand.post(f"/c/{hand.slug}/taken/{used}/release", hand.member), {404}
    with tenancy.scope(hand.mine.merchant.id):
        before = Redemption.objects.count()
    yield hand.post(f"/c/{hand.slug}/rewards/{ours}/taking", hand.member, key=used), {302}
    with tenancy.scope(hand.mine.merchant.id):
        assert Redemption.objects.count() == before + 1


@case("redemption_take: card", "redemption_take: phone")
def a_reward_for_their_card_at_our_counter(hand: Hand) -> Iterator[Sent]:
    ours = hand.own("rwd", "reward_id")
    for text in hand.texts():
        yield hand.api("POST", "/redemptions", {"reward": ours, "card": text, "proof": "4806"}), {404, 422}
    yield (
        hand.api("POST", "/redemptions", {"reward": ours, "phone": hand.person.phone, "proof": "4806"}),
        {404},
    )


@case("proof_code_ask: card", "proof_code_ask: phone", "proof_code_ask: member")
def a_code_for_their_member(hand: Hand) -> Iterator[Sent]:
    """No letter goes to whom another shop knows."""
    named = [{"card": text} for text in hand.texts()]
    for said in [*named, {"phone": hand.person.phone}, {"member": hand.their("mem", "member_id")}]:
        yield hand.api("POST", "/proof-codes", said), {404, 422}
        yield hand.api("POST", "/proof-codes", said, dry_run="true"), {404, 422}


@case("proof_code_ask: Idempotency-Key", writes=True)
def a_key_for_a_code_that_they_used(hand: Hand) -> Iterator[Sent]:
    ours = {"member": hand.own("mem", "member_id")}
    yield hand.api("POST", "/proof-codes", ours, key=next(hand.used_keys())), {201}


@case("VoucherForm: reward", "VoucherForm: key", writes=True)
def a_voucher_of_their_reward(hand: Hand) -> Iterator[Sent]:
    """A choice that is none of ours; under a key that they used, ours is given as under any."""
    page = f"/dashboard/{hand.slug}/members/{hand.mine.ids['member_id']}/voucher/"
    used = next(hand.used_keys())
    yield hand.post(page, reward=str(hand.other.ids["reward_id"]), days="5", key=used), {422}
    yield hand.post(page, reward=str(hand.mine.ids["reward_id"]), days="5", key=used), {302}
