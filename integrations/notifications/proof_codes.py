"""The code that a member who stands at a counter without the live card reads out, so that units may be spent there.

It says who asks and for what, so that nobody reads it out to somebody else; and it carries no link that opens the card.
"""

from uuid import UUID

from django.utils.translation import gettext, override

from core.models import Event
from core.tenancy import current_merchant_id
from integrations.notifications.letters import compose
from members.queries import members
from merchants.models import Merchant
from rewards.proof import make_code


def send_code(event: Event) -> None:
    """`proof_code.asked`: make the code, send it in the member's language. Twice is only a newer code."""
    member = members().filter(id=event.payload["member"]).exclude(email_verified_at=None).first()
    if member is None or not member.email:
        return
    merchant = Merchant.objects.get(id=current_merchant_id())
    code = make_code(member.id, UUID(event.payload["actor"]))
    parted = f"{code[:3]} {code[3:]}"
    with override(member.locale):
        subject = gettext("%(code)s: your code at the counter of %(merchant)s")
        compose(
            "proof_code",
            subject=subject % {"code": parted, "merchant": merchant.name},
            to=member.email,
            merchant=merchant,
            context={"name": member.name, "code": parted},
        ).send()
