"""One-time codes by e-mail: how a member comes back to a card without a password.

Whoever asks gets the same answer, member or not, in the same time: the code is made and sent later, by the worker.
Redis keeps the code's digest for ten minutes and how often it was guessed; the code itself is only in the e-mail.
It never says who is a member.
"""

import secrets
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from core import events
from core.errors import DomainError
from core.models import Event
from core.rate_limits import count_try, forget_tries, tries_of
from core.tenancy import current_merchant_id
from integrations.notifications.messages import sender_of
from members.links import card_link
from members.models import Member
from members.queries import by_contact
from merchants.models import Merchant

DIGITS = 6
LIVES_SECONDS = 10 * 60
MOST_TRIES = 5
# A person asks again when the first e-mail is slow; whoever asks more often is not reading their e-mail.
MOST_ASKED_IN_TEN_MINUTES, MOST_ASKED_A_DAY = 3, 10


class RecoveryUnavailable(DomainError):
    """This installation cannot send e-mail, so nobody comes back by it: refused, never skipped."""

    code = "recovery_unavailable"
    message = _(
        "Coming back by e-mail is not possible here at the moment. Say your phone number at the counter."
    )


class CodeWrong(DomainError):
    """Not the newest code, or too old, or of nobody."""

    code = "code_wrong"
    message = _("This code does not match. Take the one in the newest e-mail; it holds for ten minutes.")
    field = "code"


class CodeSpent(DomainError):
    """Guessed too often."""

    code = "code_spent"
    message = _("That was the wrong code too often. Ask for a new one.")
    field = "code"


def can_send() -> bool:
    """Whether e-mail leaves this installation. In development it lands in a folder, which is as good."""
    return bool(settings.EMAIL_HOST) or not settings.PRODUCTION


def ask_code(*, email: str) -> None:
    """A code for the member of the current merchant with this address, if there is one; nothing tells which.

    Raises RecoveryUnavailable, TooManyTries.
    """
    if not can_send():
        raise RecoveryUnavailable
    merchant_id = current_merchant_id()
    count_try("codes-asked", merchant_id, email, most=MOST_ASKED_IN_TEN_MINUTES, seconds=LIVES_SECONDS)
    count_try("codes-a-day", merchant_id, email, most=MOST_ASKED_A_DAY, seconds=24 * 3600)
    forget_tries("code", merchant_id, email)
    member = by_contact(email=email)
    if member is not None:
        events.record("card_code.asked", {"member": str(member.id)})


def send_code(event: Event) -> None:
    """`card_code.asked`: make the code, keep its digest, send it in the member's language. Twice is only a newer code."""
    member = Member.objects.filter(id=event.payload["member"]).exclude(email="").first()
    if member is None:
        return
    merchant = Merchant.objects.get(id=current_merchant_id())
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    digest = _digest(merchant.id, member.email, code)
    cache.set(_key(merchant.id, member.email), f"{member.id.hex} {digest}", LIVES_SECONDS)
    with override(member.locale):
        _compose(member, merchant, code).send()


def check_code(*, email: str, code: str) -> UUID:
    """The id of the current merchant's member who proved to read this address. A code works once.

    Raises CodeWrong, CodeSpent.
    """
    merchant_id = current_merchant_id()
    if tries_of("code", merchant_id, email, seconds=LIVES_SECONDS) > MOST_TRIES:
        cache.delete(_key(merchant_id, email))
        raise CodeSpent
    member_hex, _space, digest = str(cache.get(_key(merchant_id, email)) or " ").partition(" ")
    given = "".join(char for char in code if char.isdigit())
    if not constant_time_compare(digest, _digest(merchant_id, email, given)):
        raise CodeWrong
    cache.delete(_key(merchant_id, email))
    return UUID(hex=member_hex)


def _compose(member: Member, merchant: Merchant, code: str) -> EmailMultiAlternatives:
    context = {
        "merchant": merchant,
        "member": member,
        "language": member.locale,
        "code": f"{code[:3]} {code[3:]}",
        "card_link": card_link(member, merchant),
    }
    mail = EmailMultiAlternatives(
        subject=gettext("%(code)s is your code for %(merchant)s")
        % {"code": context["code"], "merchant": merchant.name},
        body=render_to_string("emails/one_time_code.txt", context),
        from_email=sender_of(merchant),
        to=[member.email],
    )
    mail.attach_alternative(render_to_string("emails/one_time_code.html", context), "text/html")
    return mail


def _key(merchant_id: UUID, email: str) -> str:
    return (
        f"code:{salted_hmac('one-time code key', f'{merchant_id} {email}', algorithm='sha256').hexdigest()}"
    )


def _digest(merchant_id: UUID, email: str, code: str) -> str:
    return salted_hmac("one-time code", f"{merchant_id} {email} {code}", algorithm="sha256").hexdigest()
