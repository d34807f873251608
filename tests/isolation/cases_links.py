"""Another shop's printed links at every door that takes one: see `cases`."""

from collections.abc import Iterator

from core import tenancy
from core.ids import new_id
from core.models import Event
from studio.models import Arrival
from tests.isolation.hand import Hand, Sent, case


@case("JoinForm: link", "card/joining: link", "card/links: link", "card/session: link", writes=True)
def a_link_of_theirs(hand: Hand) -> Iterator[Sent]:
    """It brings nobody here, is not counted there, and says nothing of whose it is."""
    letters, join = hand.other.texts["letters"], f"/c/{hand.slug}/join"
    yield hand.get(f"/q/{hand.mine.texts['shop']}/{letters}", hand.visitor), {404}
    yield hand.get(join, hand.visitor, link=letters), {200}
    yield hand.get(f"/c/{hand.slug}/rewards", hand.visitor, link=letters), {302}
    yield hand.get(f"/c/{hand.slug}/rewards", hand.member, link=letters), {200}
    yield hand.post(join, hand.visitor, name="New", phone="+33611220006", link=letters), {302}
    with tenancy.scope(hand.mine.merchant.id):
        assert not any("link" in event.payload for event in Event.objects.filter(name="member.joined"))
    with tenancy.scope(hand.other.merchant.id):
        assert Arrival.objects.count() == 1


@case("LinkForm: location", "LinkForm: reward", "LinkForm: key", writes=True)
def a_link_for_their_place_or_their_reward(hand: Hand) -> Iterator[Sent]:
    """Neither is a choice here; and a key of theirs makes a link of our own."""
    page = f"/dashboard/{hand.slug}/studio/new/"
    place, reward = hand.their("loc", "location_id"), hand.their("rwd", "reward_id")
    yield hand.post(page, label="x", location=place, key=str(new_id())), {422}
    yield hand.post(f"{page}?kind=reward", label="x", reward=reward, key=str(new_id())), {422}
    yield hand.post(page, label="x", key=str(hand.other.ids["link_id"])), {302}


@case(
    "link_make: location",
    "link_make: reward",
    "link_make: Idempotency-Key",
    "links_list: cursor",
    writes=True,
)
def a_link_by_program_for_what_is_theirs(hand: Hand) -> Iterator[Sent]:
    """As above; a key that they used is another one here, and a place in their list is one in ours."""
    new = {"kind": "table", "label": "Table 1"}
    theirs = hand.api("POST", "/links", new, key="made", shop=hand.other).json()
    hand.mark()
    ours = hand.api("POST", "/links", new, key="made")
    yield ours, {201}
    yield hand.api("GET", f"/links/{theirs['id']}"), {404}
    place, reward = hand.their("loc", "location_id"), hand.their("rwd", "reward_id")
    yield hand.api("POST", "/links", new | {"location": place}), {422}
    yield hand.api("POST", "/links", {"kind": "reward", "label": "x", "reward": reward}), {404}
    cursor = hand.api("GET", "/links", shop=hand.other, limit="1").json()["next"]
    yield hand.api("GET", "/links", cursor=cursor), {200}


@case("members_enrol: link", writes=True)
def a_member_by_program_who_came_by_theirs(hand: Hand) -> Iterator[Sent]:
    """Is refused as by a link that never was, and nobody joins."""
    said = {"phone": "+33611220007", "link": hand.their("lnk", "link_id")}
    yield hand.api("POST", "/members", said), {404}
