"""One-time codes by e-mail: how a member comes back to a card without a password.

Whoever asks gets the same answer, member or not, in the same time: the code is made and sent later, by the worker.
Redis keeps the code's digest for ten minutes and how often it was guessed; the code itself is only in the e-mail.
A code belongs to the browser that asked for it: nobody else can guess it, spend its tries or replace it.
It never says who is a member.
"""

import secrets
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from core import events
from core.errors import DomainError
from core.models import Event
from core.rate_limits import count_try, forget_tries, tries_of
from core.tenancy import current_merchant_id
from integrations.notifications.letters import compose
from integrations.notifications.messages import compose_card_letter
from members.links import card_link
from members.models import Member
from members.queries import members, who_reads
from merchants.models import Merchant

DIGITS = 6
LIVES_SECONDS = 10 * 60
MOST_TRIES = 5
# A person asks again when the first e-mail is slow; whoever asks more often is not reading their e-mail.
MOST_ASKED_IN_TEN_MINUTES, MOST_ASKED_A_DAY = 3, 10
# Of everybody together, for one address: it guards the box, and must not let a stranger shut the door for long.
MOST_SENT_IN_TEN_MINUTES = 12


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


def ask_code(*, email: str, browser: str, asker: str) -> None:
    """A code for the member of the current merchant with this address, if there is one; nothing tells which.

    `browser` is a secret of the browser in which the code will be typed; `asker` is whom to count: a network address.
    Raises RecoveryUnavailable, TooManyTries.
    """
    _count_asking("codes", email, asker)
    forget_tries("code", current_merchant_id(), email, browser)
    member = who_reads(email)
    if member is not None:
        events.record("card_code.asked", {"member": str(member.id), "browser": browser})


def ask_link(*, member: Member, asker: str, is_staff: bool) -> None:
    """The link to its card, without a code, for a member with an address. Staff is counted apart: no stranger spends
    its tries. Raises RecoveryUnavailable, TooManyTries.
    """
    _count_asking("letters" if is_staff else "links", member.email, asker)
    events.record("card_link.asked", {"member": str(member.id)})


def send_code(event: Event) -> None:
    """`card_code.asked`: make the code, keep its digest, send it in the member's language. Twice is only a newer code."""
    asked = Member.objects.filter(id=event.payload["member"]).first()
    member = asked and who_reads(asked.email)
    if member is None:
        return
    merchant = Merchant.objects.get(id=current_merchant_id())
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    digest = _digest(merchant.id, member.email, code)
    place = _key(merchant.id, member.email, event.payload["browser"])
    cache.set(place, f"{member.id.hex} {digest}", LIVES_SECONDS)
    with override(member.locale):
        _compose(member, merchant, code).send()


def send_link(event: Event) -> None:
    """`card_link.asked`: the link to the card, in the member's language."""
    member = members().filter(id=event.payload["member"]).exclude(email="").first()
    if member is None:
        return
    merchant = Merchant.objects.get(id=current_merchant_id())
    with override(member.locale):
        compose_card_letter(member, merchant).send()


def check_code(*, email: str, code: str, browser: str) -> Member:
    """The current merchant's member who proved to read this address, in the browser that asked. A code works once.

    Raises CodeWrong, CodeSpent.
    """
    merchant_id = current_merchant_id()
    place = _key(merchant_id, email, browser)
    if tries_of("code", merchant_id, email, browser, seconds=LIVES_SECONDS) > MOST_TRIES:
        cache.delete(place)
        raise CodeSpent
    member_hex, _space, digest = str(cache.get(place) or " ").partition(" ")
    given = "".join(char for char in code if char.isdigit())
    if not constant_time_compare(digest, _digest(merchant_id, email, given)):
        raise CodeWrong
    cache.delete(place)
    member = who_reads(email)
    if (
        member is None or member.id.hex != member_hex
    ):  # the address was changed since: it opens nothing any more
        raise CodeWrong
    return member


def _count_asking(what: str, email: str, asker: str) -> None:
    if not can_send():
        raise RecoveryUnavailable
    who = (current_merchant_id(), email)
    count_try(f"{what}-asked", *who, asker, most=MOST_ASKED_IN_TEN_MINUTES, seconds=LIVES_SECONDS)
    count_try(f"{what}-a-day", *who, asker, most=MOST_ASKED_A_DAY, seconds=24 * 3600)
    count_try(f"{what}-in-all", *who, most=MOST_SENT_IN_TEN_MINUTES, seconds=LIVES_SECONDS)


def _compose(member: Member, merchant: Merchant, code: str) -> EmailMultiAlternatives:
    parted = f"{code[:3]} {code[3:]}"
    return compose(
        "one_time_code",
        subject=gettext("%(code)s is your code for %(merchant)s")
        % {"code": parted, "merchant": merchant.name},
        to=member.email,
        merchant=merchant,
        context={
            "name": member.name if member.email_verified_at else "",  # until then, words that anyone typed
            "code": parted,
            "card_link": card_link(member, merchant),
        },
    )


def _key(merchant_id: UUID, email: str, browser: str) -> str:
    who = f"{merchant_id} {email} {browser}"
    return f"code:{salted_hmac('one-time code key', who, algorithm='sha256').hexdigest()}"


def _digest(merchant_id: UUID, email: str, code: str) -> str:
    return salted_hmac("one-time code", f"{merchant_id} {email} {code}", algorithm="sha256").hexdigest()
