"""Messages to members: written as an effect of an event, sent as the effect of the next one, at least once.

Only to members who agreed, in their language, in the merchant's name.
"""

from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, override

from core import events
from core.models import Event
from core.tenancy import current_merchant_id
from integrations.notifications.models import Message
from loyalty.programme import version_in_force
from loyalty.queries import entry_reasons, standing_of
from loyalty.wording import say_number, say_reason, unit_name
from members.links import card_link
from members.models import Consent, Member
from members.profiles import consents_of
from merchants.models import Merchant


def write_points_email(event: Event) -> None:
    """`points.earned`: a message to the member, if it has an address and agreed. Nothing for members since erased."""
    member = Member.objects.filter(id=event.payload["member"]).exclude(email="").first()
    if member is None or not consents_of(member).get(Consent.Purpose.POINTS_EMAIL):
        return
    message, new = Message.objects.get_or_create(
        event_id=event.id,
        kind="points",
        defaults={
            "member": member,
            "content": {"entry": event.payload["entry"], "amount": event.payload["amount"]},
        },
    )
    if new:
        events.record("message.written", {"message": str(message.id)})


def send_message(event: Event) -> None:
    """`message.written`: send it, once it is certain that it was written. A crash between sending and noting sends twice."""
    message = (
        Message.objects.select_related("member").filter(id=event.payload["message"], sent_at=None).first()
    )
    if message is None:
        return
    merchant = Merchant.objects.get(id=current_merchant_id())
    with override(message.member.locale):
        mail = _compose(message, merchant)
    mail.send()
    message.sent_at = timezone.now()
    message.save(update_fields=["sent_at"])


def sender_of(merchant: Merchant) -> str:
    """The service's address in the merchant's name."""
    return formataddr((merchant.name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def _compose(message: Message, merchant: Merchant) -> EmailMultiAlternatives:
    context = _points_context(message, merchant)
    mail = EmailMultiAlternatives(
        subject=gettext("+%(amount)s %(unit)s at %(merchant)s")
        % {"amount": context["amount"], "unit": context["unit"], "merchant": merchant.name},
        body=render_to_string("emails/points.txt", context),
        from_email=sender_of(merchant),
        to=[message.member.email],
        headers={"Message-ID": f"<{message.id.hex}@habitue>"},
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
