"""A voucher as a letter: what it brings, its QR and its code, until when it is good. The code stands nowhere but in the letter.

It is handed on as a present, so it carries no link that opens the card or ends its member's e-mails: its addresses open the
card that the browser holds, and List-Unsubscribe is told to the member's mail program alone.
"""

from email.mime.image import MIMEImage
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.utils.text import capfirst
from django.utils.translation import gettext

from core import qr
from core.languages import reader_language
from integrations.notifications.letters import compose
from loyalty.programme.versions import version_in_force
from loyalty.wording.numbers import say_day
from members.links import card_address, stop_link
from members.models import Consent, Member
from merchants.models import Merchant
from rewards.offers import say_in
from rewards.saying import name_of, reader_of
from rewards.vouchers import voucher_of
from rewards.wording import say_kept_value

PICTURE = "voucher@habitue"  # the QR within the letter: mail programs load nothing from elsewhere without being asked


def compose_voucher(member: Member, redemption_id: UUID, merchant: Merchant) -> EmailMultiAlternatives | None:
    """In the language that is active; None where it cannot be used any more."""
    voucher = voucher_of(redemption_id, merchant)
    if voucher is None or voucher.state != "issued":
        return None
    what = voucher.redemption.what
    name = name_of(voucher.redemption)
    mail = compose(
        "voucher",
        subject=gettext("A voucher from %(merchant)s: %(name)s") % {"merchant": merchant.name, "name": name},
        to=member.email,
        merchant=merchant,
        context={
            "member": member,
            "voucher": voucher,
            "name": name,
            "brings": capfirst(
                say_kept_value(what["kind"], what["value"], reader_of(merchant, version_in_force()))
            ),
            "last_day": say_day(voucher.last_on.isoformat(), reader_language()),
            "terms": say_in(what["terms"], reader_language()),
            "picture": PICTURE,
            "rewards_link": card_address(merchant, "rewards"),
            "choose_link": card_address(merchant, "me"),
        },
        stop_link=stop_link(member, merchant, Consent.Purpose.POINTS_EMAIL),
    )
    picture = MIMEImage(qr.png(voucher.code, scale=8), "png")
    picture.add_header("Content-ID", f"<{PICTURE}>")
    picture.add_header("Content-Disposition", "inline", filename="voucher.png")
    mail.attach(picture)
    mail.mixed_subtype = "related"  # type: ignore[attr-defined]  # Django has it, its stubs do not
    return mail
