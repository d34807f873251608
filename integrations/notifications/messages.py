"""Messages to members: written as an effect of an event, sent as the effect of the next one, at least once.

Only to members who agreed, in their language, in the merchant's name. What a member typed, such as its name, goes to an
address that was proven and to no other: until then it is perhaps a stranger's, and gets one message of fixed words.
"""

from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, override

from core import events
from core.models import Event
from core.rate_limits import TooManyTries, count_try
from core.tenancy import current_merchant_id
from integrations.notifications.models import Message
from loyalty.programme import version_in_force
from loyalty.queries import entry_reasons, standing_of
from loyalty.wording import say_number, say_reason, unit_name
from members.links import card_link
from members.models import Consent, Member
from members.profiles import consents_of
from merchants.models import Merchant

# All merchants together: whoever types a stranger's address again and again shall not fill their box through us.
MOST_CONFIRMATIONS_A_DAY = 3


def write_points_email(event: Event) -> None:
    """`points.earned`: a message to the member, if its address is proven and it agreed. Nothing for members since erased."""
    member = Member.objects.filter(id=event.payload["member"]).exclude(email="").first()
    if member is None or member.email_verified_at is None:
        return
    if consents_of(member).get(Consent.Purpose.POINTS_EMAIL):
        content = {"entry": event.payload["entry"], "amount": event.payload["amount"]}
        _write(event, member, "points", content)


def write_confirmation(event: Event) -> None:
    """`member.joined`, `member.changed`, `consent.given`: once an address, to who agreed to e-mails, the way to prove it."""
    member = (
        Member.objects.filter(id=event.payload["member"], email_verified_at=None).exclude(email="").first()
    )
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


def send_message(event: Event) -> None:
    """`message.written`: send it, once it is certain that it was written. A crash between sending and noting sends twice."""
    message = (
        Message.objects.select_related("member").filter(id=event.payload["message"], sent_at=None).first()
    )
    if message is None or not _may_still_go(message):
        return
    merchant = Merchant.objects.get(id=current_merchant_id())
    with override(message.member.locale):
        confirms = message.kind == "confirmation"
        mail = (
            compose_card_letter(message.member, merchant) if confirms else _compose_points(message, merchant)
        )
    mail.extra_headers["Message-ID"] = f"<{message.id.hex}@habitue>"
    mail.send()
    message.sent_at = timezone.now()
    message.save(update_fields=["sent_at"])


def sender_of(merchant: Merchant) -> str:
    """The service's address in the merchant's name."""
    return formataddr((merchant.name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def compose_card_letter(member: Member, merchant: Merchant) -> EmailMultiAlternatives:
    """The link to the card, in words that nobody typed."""
    context = {
        "merchant": merchant,
        "language": member.locale,
        "card_link": card_link(member, merchant),
    }
    mail = EmailMultiAlternatives(
        subject=gettext("Your card at %(merchant)s") % {"merchant": merchant.name},
        body=render_to_string("emails/card_link.txt", context),
        from_email=sender_of(merchant),
        to=[member.email],
    )
    mail.attach_alternative(render_to_string("emails/card_link.html", context), "text/html")
    return mail


def _write(event: Event, member: Member, kind: str, content: dict[str, Any]) -> None:
    message, new = Message.objects.get_or_create(
        event_id=event.id, kind=kind, defaults={"member": member, "content": content}
    )
    if new:
        events.record("message.written", {"message": str(message.id)})


def _may_still_go(message: Message) -> bool:
    """The address may have changed since it was written."""
    if message.kind == "confirmation":
        return bool(message.content["address"] == _digest(message.member.email))
    return message.member.email_verified_at is not None


def _digest(email: str) -> str:
    return salted_hmac("confirmed address", email, algorithm="sha256").hexdigest()


def _compose_points(message: Message, merchant: Merchant) -> EmailMultiAlternatives:
    context = _points_context(message, merchant)
    mail = EmailMultiAlternatives(
        subject=gettext("+%(amount)s %(unit)s at %(merchant)s")
        % {"amount": context["amount"], "unit": context["unit"], "merchant": merchant.name},
        body=render_to_string("emails/points.txt", context),
        from_email=sender_of(merchant),
        to=[message.member.email],
    )
    mail.attach_alternative(render_to_string("emails/points.html", context), "text/html")
    return mail


def _points_context(message: Message, merchant: Merchant) -> dict[str, Any]:
    language = message.member.locale
    version = version_in_force()
    unit = version.units[0]
    standing = standing_of(message.member_id)
    reasons = entry_reasons(message.content["entry"])
    return {
        "merchant": merchant,
        "member": message.member,
        "language": language,
        "amount": say_number(message.content["amount"], language),
        "unit": unit_name(unit, message.content["amount"], language),
        "reason": say_reason(reasons, merchant.currency, language) if reasons else "",
        "balance": say_number(standing.points, language),
        "balance_unit": unit_name(unit, standing.points, language),
        "tier": standing.tier.name if standing.tier else "",
        "card_link": card_link(message.member, merchant),
    }
