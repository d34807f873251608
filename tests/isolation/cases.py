"""Another shop's ids in every body, form, filter and header: what is sent, and what may come back.

Each case is for the fields that it names, "place: name" as `fields.py` finds them.
"""

from collections.abc import Iterator
from typing import Any

from core import tenancy
from core.ids import new_id
from loyalty.models import Merge
from members import cards
from members.models import Member
from members.referring import friend_code
from tests.isolation.hand import Hand, Sent, case
from web.scanner import card_texts


def purchase(hand: Hand, **more: Any) -> dict[str, Any]:
    """A purchase of our own member's, but for what is given."""
    who = {} if {"card", "phone", "member"} & more.keys() else {"member": hand.own("mem", "member_id")}
    return {"amount": "1.00", "currency": "EUR", **who, **more}


@case(
    "purchases_record: card",
    "purchases_record: member",
    "purchases_record: phone",
    "purchases_record: location",
)
def a_purchase_for_their_member_or_place(hand: Hand) -> Iterator[Sent]:
    for text in list(hand.texts())[:2]:
        yield hand.api("POST", "/purchases", purchase(hand, card=text)), {422}  # it says which shop's it is
    named = [{"card": text} for text in hand.texts()]
    named += [{"member": hand.their("mem", "member_id")}, {"phone": hand.person.phone}]
    named += [{"location": hand.their("loc", "location_id")}]
    for said in named:
        yield hand.api("POST", "/purchases", purchase(hand, **said)), {404, 422}
        yield hand.api("POST", "/purchases", purchase(hand, **said), dry_run="true"), {404, 422}


@case("event_record: card", "event_record: member", "event_record: phone", "event_record: location",
      "code_redeem: card", "code_redeem: member", "code_redeem: phone")  # fmt: skip
def an_event_of_their_member(hand: Hand) -> Iterator[Sent]:
    named = [{"card": text} for text in hand.texts()]
    for said in [*named, {"member": hand.their("mem", "member_id")}, {"phone": hand.person.phone}]:
        yield hand.api("POST", "/events", {"type": "review", **said}), {404, 422}
        yield hand.api("POST", "/codes/redemptions", {"code": "SUMMER26", **said}), {404, 422}
    place = {"member": hand.own("mem", "member_id"), "location": hand.their("loc", "location_id")}
    yield hand.api("POST", "/events", {"type": "review", **place}), {422}


@case("purchases_list: member", "members_list: card", "members_list: phone", "members_list: email", "members_list: q",
      "rewards_list: member")  # fmt: skip
def a_filter_that_names_their_member(hand: Hand) -> Iterator[Sent]:
    yield hand.api("GET", "/purchases", member=hand.their("mem", "member_id")), {200, 404}
    for text in hand.texts():
        yield hand.api("GET", "/members", card=text), {200, 422}
    person = hand.person
    for said in ({"phone": person.phone}, {"email": person.email}, {"q": person.name}):
        query: dict[str, Any] = dict(said)
        answer = hand.api("GET", "/members", **query)
        assert answer.json()["items"] == []
        yield answer, {200}
    yield hand.api("GET", "/rewards", member=hand.their("mem", "member_id")), {404}


@case("members_list: cursor", "purchases_list: cursor", "statement_read: cursor", "code_batches_list: cursor",
      "code_batch_codes: cursor")  # fmt: skip
def a_cursor_of_their_list(hand: Hand) -> Iterator[Sent]:
    mine, theirs = hand.own("mem", "member_id"), hand.their("mem", "member_id")
    for ours, its in (("/members", "/members"), ("/purchases",) * 2, ("/code-batches",) * 2, (f"/members/{mine}/statement",
                                                                     f"/members/{theirs}/statement")):  # fmt: skip
        cursor = hand.api("GET", its, shop=hand.other, limit="1").json()["next"]
        yield hand.api("GET", ours, **({"cursor": cursor} if cursor else {})), {200}


@case("redemption_take: member", "redemption_take: reward", "redemption_take: location")
def a_reward_of_theirs_or_for_their_member(hand: Hand) -> Iterator[Sent]:
    mine = {"member": hand.own("mem", "member_id"), "reward": hand.own("rwd", "reward_id")}
    theirs = {"member": hand.their("mem", "member_id"), "reward": hand.their("rwd", "reward_id")}
    theirs["location"] = hand.their("loc", "location_id")
    for said in (theirs, *(mine | {name: theirs[name]} for name in theirs)):
        yield hand.api("POST", "/redemptions", said), {404, 422}
        yield hand.api("POST", "/redemptions", said, dry_run="true"), {404, 422}


@case("members_enrol: location")
def enrolling_at_their_place(hand: Hand) -> Iterator[Sent]:
    place = hand.their("loc", "location_id")
    yield hand.api("POST", "/members", {"phone": "+33611220000", "location": place}), {422}


@case("members_enrol: phone", "members_enrol: email", "member_change: phone", "member_change: email",
      "ProfileForm: phone", "ProfileForm: email", "JoinForm: phone", "JoinForm: email", "JoinForm: at", "scanner/enrolling: <field>", writes=True)  # fmt: skip
def contacts_of_their_member(hand: Hand) -> Iterator[Sent]:
    """Somebody may be a member of both: the one shop does not hear of the other."""
    phone, email = hand.person.phone, hand.person.email
    with tenancy.scope(hand.mine.merchant.id):
        own = Member.objects.get(id=hand.mine.member.id)
    yield hand.api("POST", "/members", {"phone": phone}), {201}
    profile = f"/dashboard/{hand.slug}/members/{hand.mine.ids['member_id']}/profile/"
    yield hand.post(profile, name="Me", phone=own.phone, email=email, locale="en"), {302}
    yield hand.api("PATCH", f"/members/{hand.own('mem', 'member_id')}", {"email": "free@example.org"}), {200}
    place = hand.their("loc", "location_id")
    joined = hand.post(f"/c/{hand.slug}/join", hand.visitor, name="New", email=email, at=place)
    yield joined, {302}
    enrolled = hand.post(f"/scan/{hand.slug}/members", name="New", phone="+33611220001", locale="en")
    yield enrolled, {201}
    with tenancy.scope(hand.mine.merchant.id):
        assert Member.objects.get(email=email).location_id is None
        assert Member.objects.filter(phone=phone).count() == 1


@case(
    "AskForm: email",
    "CodeForm: email",
    "CodeForm: code",
    "ProofForm: code",
    "ProofForm: email",
    "card/proving: code",
)
def coming_back_with_their_address(hand: Hand) -> Iterator[Sent]:
    """The same words as for anybody; no letter; and a code of the other shop's opens nothing here."""
    base = f"/c/{hand.slug}"
    yield hand.post(f"{base}/return", hand.visitor, email=hand.person.email), {200}
    yield hand.post(f"{base}/return/code", hand.visitor, email=hand.person.email, code="123456"), {422}
    yield hand.post(f"{base}/me/proof", hand.member, email=hand.person.email, code="123456"), {422}


@case(
    "scanner/entering: code",
    "scanner/looking_up: code",
    "scanner/purchasing: code",
    "scanner/problems: <name>",
)
def their_card_at_our_till(hand: Hand) -> Iterator[Sent]:
    scanned = cards.read(cards.rotating_code(hand.card, hand.other.merchant), hand.other.merchant)
    note = card_texts.note(scanned, hand.other.merchant)
    yield hand.post(f"/scan/{hand.slug}/lookup", code=note), {422}
    for text in [*hand.texts(), note]:
        yield hand.post(f"/scan/{hand.slug}/lookup", code=text), {404, 422}
        yield hand.post(f"/scan/{hand.slug}/purchases", code=text, amount="5", key=str(new_id())), {404, 422}
        yield hand.post(f"/scan/{hand.slug}/codes", code=text, typed="SUMMER26", key="1"), {404, 422}
        shown = hand.post(f"/scan/{hand.slug}/preview", code=text, amount="5")
        assert shown.content == b""
        yield shown, {200}


@case("scanner/giving: code", "scanner/giving: key", "scanner/giving: act")
def a_gift_for_their_card_at_our_till(hand: Hand) -> Iterator[Sent]:
    used = hand.used_keys()
    for text in hand.texts():
        sent = {"code": text, "act": "gift", "key": next(used)}
        yield hand.post(f"/scan/{hand.slug}/happenings", **sent), {404, 422}


@case("scanner/home: location")
def scanning_at_their_place(hand: Hand) -> Iterator[Sent]:
    answer = hand.post(f"/scan/{hand.slug}/location", location=str(hand.other.ids["location_id"]))
    kept = answer.wsgi_request.session.get(f"till {hand.mine.merchant.id.hex}")
    assert kept is None
    yield answer, {302}


@case("members_enrol: referred_by", "JoinForm: by", "card/joining: by", writes=True)
def a_friend_of_their_member(hand: Hand) -> Iterator[Sent]:
    """A link of theirs brings nobody here, and says nothing of whose it is."""
    code = friend_code(hand.other.card)
    for text in (hand.their("mem", "member_id"), code):
        said = {"phone": "+33611220003", "referred_by": text}
        yield hand.api("POST", "/members", said), {422}
    yield hand.get(f"/c/{hand.slug}/join", hand.visitor, by=code), {200}
    yield hand.post(f"/c/{hand.slug}/join", hand.visitor, name="New", phone="+33611220004", by=code), {302}


@case("dashboard/poster: at", "card/joining: at")
def a_poster_of_their_place(hand: Hand) -> Iterator[Sent]:
    place = hand.their("loc", "location_id")
    yield hand.get(f"/dashboard/{hand.slug}/poster/", at=place), {404}
    yield hand.get(f"/c/{hand.slug}/join", hand.visitor, at=place), {200}


@case("dashboard/member_list: tier", "dashboard/member_list: q", "dashboard/merging: q", writes=True)
def their_tier_and_their_names_in_our_list(hand: Hand) -> Iterator[Sent]:
    page = f"/dashboard/{hand.slug}/members/"
    for said in ({"tier": str(hand.other.ids["tier_id"])}, {"q": hand.person.phone}, {"q": "Zoe"}):
        yield hand.get(page, **said), {200}
        yield hand.post(f"{page}export/", **said), {200}
        yield hand.get(f"{page}{hand.mine.ids['member_id']}/merge/", **said), {200}


@case(
    "dashboard/programme: rule",
    "dashboard/typed: rule",
    "dashboard/trying: tier",
    "dashboard/trying: place",
    "dashboard/trying: card",
)
def their_rule_their_place_and_their_member_on_our_programme(hand: Hand) -> Iterator[Sent]:
    page, rule = f"/dashboard/{hand.slug}/programme/", str(hand.other.ids["rule_id"])
    yield hand.get(page, rule=rule, blank="amount"), {200}
    yield hand.post(f"{page}preview/", rule=rule, blank="amount", amount="7"), {200}
    basket = {"amount": "12", "day": "2026-03-07", "clock": "10:30"}
    for text in hand.texts():
        yield hand.post(f"{page}trial/", **basket, card=text), {200}
    theirs = {"tier": str(hand.other.ids["tier_id"]), "place": str(hand.other.ids["location_id"])}
    yield hand.post(f"{page}trial/", **basket, **theirs), {200}


@case("dashboard/line_pages: line")
def their_unit_on_our_programme(hand: Hand) -> Iterator[Sent]:
    page, unit = f"/dashboard/{hand.slug}/programme/", str(hand.other.ids["unit_id"])
    yield hand.get(f"{page}units/", line=unit, blank="names"), {200}
    yield hand.post(f"{page}units/preview/", line=unit, blank="expiry", expiry="days", count="7"), {404}


@case("dashboard/rules: unit", writes=True)
def their_unit_in_a_new_sentence_of_ours(hand: Hand) -> Iterator[Sent]:
    page, unit = f"/dashboard/{hand.slug}/programme/rules/", str(hand.other.ids["unit_id"])
    yield hand.post(page, what="visit:flat", unit=unit), {302}


@case("InvitationForm: email", writes=True)
def inviting_one_of_their_team(hand: Hand) -> Iterator[Sent]:
    yield (
        hand.post(
            f"/dashboard/{hand.slug}/team/", email=hand.other.cashier.email, role="cashier", locale="en"
        ),
        {302},
    )


@case(*(f"{name}: Idempotency-Key" for name in ("purchases_record", "members_enrol", "adjustment_make", "purchase_refund",
      "event_record", "purchase_cancel", "redemption_take", "redemption_capture", "redemption_release", "redemption_void")), "scanner/purchasing: key", "AdjustmentForm: key", "dashboard/undoing: key", "dashboard/merging: key", writes=True)  # fmt: skip
def a_key_that_they_used(hand: Hand) -> Iterator[Sent]:
    """A key is its shop's: the same text is another key here, and no answer of theirs is repeated."""
    used = hand.used_keys()
    for path, body in {"/purchases": purchase, "/members": _newcomer, "/events": _review}.items():
        theirs = hand.api("POST", path, body(hand.turned), key=f"till {path}", shop=hand.other)
        assert theirs.status_code == 201
        hand.mark()
        ours = hand.api("POST", path, body(hand), key=f"till {path}")
        assert "Idempotency-Replayed" not in ours.headers
        yield ours, {201}
    mine = hand.own("mem", "member_id")
    gift = {"unit": "points", "amount": 5, "reason": "gift"}
    yield hand.api("POST", f"/members/{mine}/adjustments", gift, key=next(used)), {201}
    bought, taken = hand.own("pur", "purchase_id"), hand.own("red", "redemption_id")
    for what in ("capture", "void"):
        yield hand.api("POST", f"/redemptions/{taken}/{what}", key=next(used)), {201}
    yield hand.api("POST", f"/purchases/{bought}/refunds", {"amount": "1.00"}, key=next(used)), {201}
    desk = f"/dashboard/{hand.slug}/purchases/{hand.mine.ids['purchase_id']}/refund/"
    yield hand.post(desk, amount_minor="1", reason="gift", key=next(used)), {302}
    yield hand.api("POST", f"/purchases/{bought}/cancellation", key=str(new_id())), {201}
    merge = f"/dashboard/{hand.slug}/members/{hand.mine.ids['member_id']}/merge/{hand.mine.ids['other_id']}/"
    yield hand.post(merge, key=str(hand.other.ids["merge_id"])), {302}
    with tenancy.scope(hand.mine.merchant.id):
        assert Merge.objects.get(id=hand.other.ids["merge_id"]).merged_id == hand.mine.ids["other_id"]
    code = cards.static_code(hand.mine.card, hand.mine.merchant)
    yield hand.post(f"/scan/{hand.slug}/purchases", code=code, amount="5", key=next(used)), {201}


@case("AttendanceForm: people", "AttendanceForm: key", writes=True)
def a_list_of_their_members(hand: Hand) -> Iterator[Sent]:
    """Nobody of theirs is known here, and a key of theirs is another one here."""
    people = "\n".join([*hand.texts(), hand.person.phone, hand.person.email])
    path = f"/dashboard/{hand.slug}/members/attendance/"
    yield hand.post(path, act="gift", people=people, key=next(hand.used_keys())), {422}


@case("HappeningForm: key", *(f"{name}: Idempotency-Key" for name in ("purchase_confirm", "event_cancel", "event_confirm")),
      writes=True)  # fmt: skip
def a_key_that_they_used_for_a_gift_or_a_word(hand: Hand) -> Iterator[Sent]:
    """As above."""
    used = hand.used_keys()
    happening = f"/dashboard/{hand.slug}/members/{hand.mine.ids['member_id']}/happening/"
    yield hand.post(happening, act="gift", key=next(used)), {302}
    bought = hand.own("pur", "purchase_id")
    yield hand.api("POST", f"/purchases/{bought}/confirmation", key=next(used)), {409}  # nothing of it waits
    told = hand.own("evt", "event_id")
    yield hand.api("POST", f"/events/{told}/confirmation", key=next(used)), {409}
    yield hand.api("POST", f"/events/{told}/cancellation", key=next(used)), {201}


def _review(hand: Hand) -> dict[str, str]:
    return {"member": hand.own("mem", "member_id"), "type": "review"}


def _newcomer(hand: Hand) -> dict[str, str]:
    return {"phone": "+33611223355"}
