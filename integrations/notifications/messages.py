"""Messages to members: written as an effect of an event, sent as the effect of the next one, at least once.

Only to members who agreed, in their language, in the merchant's name. What a member typed, such as its name, goes to an
address that was proven and to no other: until then it is perhaps a stranger's, and gets one message of fixed words.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, override

from core import events
from core.ids import new_id
from core.models import Event
from core.rate_limits import TooManyTries, count_try
from core.tenancy import current_merchant_id
from integrations.notifications.letters import compose
from integrations.notifications.models import Kind, Message
from integrations.notifications.receipts import Given, receipt_of, warning_of
from integrations.notifications.voucher_letters import compose_voucher
from loyalty.purchases.queries import purchase
from members.links import card_link, stop_link
from members.models import Consent, Member
from members.profiles import consents_of
from members.queries import members, survivor_id
from merchants.models import Merchant

# All merchants together: whoever types a stranger's address again and again shall not fill their box through us.
MOST_CONFIRMATIONS_A_DAY = 3
# As long as whoever scanned may undo it: nobody shall be told of points that were a slip.
POINTS_HELD = dt.timedelta(seconds=30)


def write_points_email(event: Event) -> None:
    """`points.earned`: a message to the member, if its address is proven and it agreed. Nothing for who has gone.

    What several rules gave for one thing is one message: while it waits, the others add themselves to it.
    """
    member = members().filter(id=event.payload["member"]).exclude(email="").first()
    if member is None or member.email_verified_at is None or _was_taken_back(event.payload["cause"]):
        return
    if consents_of(member).get(Consent.Purpose.POINTS_EMAIL):
        given = {name: event.payload[name] for name in ("entry", "amount", "unit")}
        cause = event.payload["cause"]
        waiting = _waiting(member, cause) if cause else None
        if waiting is None:
            _write(event, member, "points", {"cause": cause, "given": [given]}, held=POINTS_HELD)
        else:
            waiting.content["given"].append(given)
            waiting.save(update_fields=["content"])


def _waiting(member: Member, cause: str) -> Message | None:
    """The message that tells of the same thing and was not sent yet; the member's row keeps others from writing one too."""
    Member.objects.select_for_update(no_key=True).get(id=member.id)
    found = Message.objects.select_for_update().filter(
        member=member, kind="points", sent_at=None, dropped_at=None
    )
    return found.filter(content__cause=cause, content__has_key="given").first()


def write_confirmation(event: Event) -> None:
    """`member.joined`, `member.changed`, `consent.given`: once an address, to who agreed to e-mails, the way to prove it."""
    member = members().filter(id=event.payload["member"], email_verified_at=None).exclude(email="").first()
    if member is None or not any(consents_of(member).values()):
        return
    address = _digest(member.email)
    if Message.objects.filter(member=member, kind="confirmation", content__address=address).exists():
        return
    try:
        count_try("confirmations", address, most=MOST_CONFIRMATIONS_A_DAY, seconds=24 * 3600)
    except TooManyTries:
        return
    _write(event, member, "confirmation", {"address": address})


def write_warning(event: Event) -> None:
    """`tier.warned`: what keeps the tier, to a member whose address is proven and who agreed to hear of points."""
    member = members().filter(id=event.payload["member"]).exclude(email="").first()
    if member is None or member.email_verified_at is None:
        return
    if consents_of(member).get(Consent.Purpose.POINTS_EMAIL):
        _write(event, member, "tier_warning", {"on": event.payload["on"]})


def write_voucher(event: Event) -> None:
    """`voucher.issued`: the voucher itself, to a member whose address is proven and who agreed to hear of points."""
    member = members().filter(id=survivor_id(UUID(event.payload["member"]))).exclude(email="").first()
    if member is None or member.email_verified_at is None:
        return
    if consents_of(member).get(Consent.Purpose.POINTS_EMAIL):
        _write(event, member, "voucher", {"redemption": event.payload["redemption"]})


def tell_old_address(member: Member, address: str) -> None:
    """The member's address, which was proven, is another one now: the old one hears of it, in case it was no wish of hers.

    In the transaction of the change. The old address waits in the message, which goes with the member, and not in the outbox.
    """
    message = Message.objects.create(member=member, event_id=new_id(), kind="moved", content={"to": address})
    events.record("message.written", {"message": str(message.id)})


def send_message(event: Event) -> None:
    """`message.written`: send it, once it is certain that it was written, or drop it where there is no reason to any more.

    A crash between sending and noting sends twice.
    """
    waiting = Message.objects.select_related("member").filter(sent_at=None, dropped_at=None)
    message = waiting.filter(id=event.payload["message"]).first()
    if message is None:
        return
    mail = _letter(message)
    if mail is None:
        message.dropped_at = timezone.now()
        message.save(update_fields=["dropped_at"])
        return
    mail.extra_headers["Message-ID"] = f"<{message.id.hex}@habitue>"
    mail.send()
    message.sent_at = timezone.now()
    if message.kind == "moved":
        message.content = {}  # an address that is no longer the member's is kept no longer than it is needed
    message.save(update_fields=["sent_at", "content"])


def forget_messages(event: Event) -> None:
    """`member.erased`: what was written to the member goes, sent or not."""
    mine = Message.objects.filter(member_id=event.payload["member"])
    waiting = [str(message_id) for message_id in mine.values_list("id", flat=True)]
    Event.objects.filter(name="message.written", payload__message__in=waiting).delete()
    mine.delete()


def compose_card_letter(member: Member, merchant: Merchant) -> EmailMultiAlternatives:
    """The link to the card, in words that nobody typed."""
    return compose(
        "card_link",
        subject=gettext("Your card at %(merchant)s") % {"merchant": merchant.name},
        to=member.email,
        merchant=merchant,
        context={"card_link": card_link(member, merchant)},
    )


def _letter(message: Message) -> EmailMultiAlternatives | None:
    """In the member's language; None where there is no reason to send it any more."""
    if not _may_still_go(message):
        return None
    merchant = Merchant.objects.get(id=current_merchant_id())
    with override(message.member.locale):
        return _compose(message, merchant)


def _compose(message: Message, merchant: Merchant) -> EmailMultiAlternatives | None:
    """The letter; None for a warning that is none any more."""
    if message.kind == "moved":
        return compose(
            "address_changed",
            subject=gettext("Your e-mail at %(merchant)s was changed") % {"merchant": merchant.name},
            to=message.content["to"],
            merchant=merchant,
            context={},
        )
    if message.kind == "confirmation":
        return compose_card_letter(message.member, merchant)
    if message.kind == "tier_warning":
        return _compose_warning(message.member, merchant)
    if message.kind == "voucher":
        return compose_voucher(message.member, UUID(message.content["redemption"]), merchant)
    return _compose_points(message, merchant)


def _compose_warning(member: Member, merchant: Merchant) -> EmailMultiAlternatives | None:
    warning, link = warning_of(member.id), card_link(member, merchant)
    if warning is None:  # it is made good by now, or the tier is lost
        return None
    return compose(
        "tier_warning",
        subject=warning.sentence,
        to=member.email,
        merchant=merchant,
        context={"member": member, "warning": warning, "card_link": link, "choose_link": f"{link}?to=me"},
        stop_link=stop_link(member, merchant, Consent.Purpose.POINTS_EMAIL),
    )


def _write(
    event: Event, member: Member, kind: Kind, content: dict[str, Any], *, held: dt.timedelta = dt.timedelta()
) -> None:
    message, new = Message.objects.get_or_create(
        event_id=event.id, kind=kind, defaults={"member": member, "content": content}
    )
    if new:
        events.record("message.written", {"message": str(message.id)}, held=held)


def _may_still_go(message: Message) -> bool:
    """The address may have changed since it was written, the units been taken back, the member been merged into another
    or had enough of it.
    """
    member = message.member
    if message.kind == "moved":
        return True
    if member.merged_into_id is not None:
        return False
    if message.kind == "confirmation":
        return bool(message.content["address"] == _digest(member.email))
    if member.email_verified_at is None or not consents_of(member).get(Consent.Purpose.POINTS_EMAIL):
        return False
    return not _was_taken_back(message.content.get("cause"))


def _was_taken_back(purchase_id: str | None) -> bool:
    """Whether the purchase that gave the units was cancelled or refunded whole: nobody is told of units that are gone."""
    bought = purchase(UUID(purchase_id)) if purchase_id else None
    return bought is not None and bought.ended_at is not None


def _digest(email: str) -> str:
    return salted_hmac("confirmed address", email, algorithm="sha256").hexdigest()


def _compose_points(message: Message, merchant: Merchant) -> EmailMultiAlternatives:
    member = message.member
    said = message.content
    receipt = receipt_of(
        member_id=member.id,
        # One that was written before rules gave together has its one award in itself.
        given=[Given(**each) for each in said.get("given", [])] or [Given(said["entry"], said["amount"])],
        purchase_id=said.get("cause"),
    )
    link = card_link(member, merchant)
    return compose(
        "points",
        subject=gettext("+%(amount)s %(unit)s at %(merchant)s")
        % {"amount": receipt.amount, "unit": receipt.unit, "merchant": merchant.name},
        to=member.email,
        merchant=merchant,
        context={"member": member, "receipt": receipt, "card_link": link, "choose_link": f"{link}?to=me"},
        stop_link=stop_link(member, merchant, Consent.Purpose.POINTS_EMAIL),
    )
