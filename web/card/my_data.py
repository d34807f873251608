"""Everything a merchant knows of one member, for that member to keep: a page for people and JSON for machines, in a ZIP.

It holds no code and no link that would open the card, and nothing of anybody else. What is kept under another card that
became one with this one is for who just proved to be the member: the merge may have been a mistake.
"""

import datetime as dt
import io
import zipfile
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from babel.dates import format_datetime
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from core.languages import reader_language
from core.money import decimal_text, say_money
from core.rate_limits import count_if_counting
from integrations.notifications.models import Message
from loyalty import queries as loyalty_queries
from loyalty.models import Happening, Purchase
from loyalty.referring import friends_of
from loyalty.story import story_of
from loyalty.wording import say_entry, say_number, say_reason, say_units
from loyalty.wording.conditions import METHODS
from members.models import Consent, Member
from members.queries import merged_into
from merchants.models import Merchant
from web.card.session import CardRequest, has_proof, member_view
from web.dashboard.sentences.labels import TRIGGERS
from web.templatetags.habitue import full_date, signed

# Once a month is much; whoever asks more often is a script, and each file reads a whole story.
MOST_FILES, FILES_SECONDS = 6, 3600
LINES_AT_ONCE = 500


@member_view
@require_GET
def download(request: CardRequest) -> HttpResponse:
    """The ZIP. 429 when asked for too often."""
    count_if_counting("my-data", request.member.id, most=MOST_FILES, seconds=FILES_SECONDS)
    told = Telling(request.member, request.merchant, reader_language(), has_proof(request))
    name = f"{request.merchant.slug}-{timezone.now():%Y-%m-%d}"
    response = HttpResponse(told.archive(name), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response


@dataclass(frozen=True)
class Telling:
    """One member's data in that member's language. Keys are English, for machines; `said` is for people."""

    member: Member
    merchant: Merchant
    language: str
    is_proven: bool

    def archive(self, name: str) -> bytes:
        """Two files of one content."""
        data = self.everything()
        words = {"data": data, "merchant": self.merchant, "member": self.member, "language": self.language}
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{name}.html", render_to_string("card/my_data.html", words))
            archive.writestr(f"{name}.json", orjson.dumps(data, option=orjson.OPT_INDENT_2))
        return file.getvalue()

    def everything(self) -> dict[str, Any]:
        """All of it. In the merchant's scope."""
        merged = merged_into(self.member.id) if self.is_proven else []
        standings = loyalty_queries.standings_of([self.member.id, *(each.id for each in merged)])
        standing = standings[self.member.id]
        return {
            "merchant": self.merchant.name,
            "made": self._moment(timezone.now()),
            **self._of(self.member, standing),
            "standing": standing.tier_answer()
            | {
                "balances": standing.balances,
                "said": say_units(standing.version.units[0], standing.points, self.language),
            },
            "purchases": [self._purchase(row) for row in loyalty_queries.purchases(member_id=self.member.id)],
        } | (
            {"other_cards": [self._of(each, standings[each.id]) for each in merged]} if self.is_proven else {}
        )

    def _of(self, member: Member, standing: loyalty_queries.MemberStanding) -> dict[str, Any]:
        """What is kept under one card: the member's own, or one that became one with it."""
        consents = Consent.objects.filter(member=member).order_by("recorded_at", "id")
        messages = Message.objects.filter(member=member).order_by("created_at", "id")
        happenings = Happening.objects.filter(member=member).order_by("occurred_at", "id")
        brought, is_friend = friends_of(member.id)
        return {
            "profile": self._profile(member),
            "friends": {"brought": brought, "came_by_a_friend": is_friend},
            "consents": [self._consent(row) for row in consents],
            "happenings": [self._happening(row) for row in happenings],
            "statement": list(self._statement(member, standing)),
            "messages": [self._message(row) for row in messages],
        }

    def _profile(self, member: Member) -> dict[str, Any]:
        return {
            "name": member.name,
            "phone": member.phone,
            "email": member.email,
            "email_proven": self._moment(member.email_verified_at) if member.email_verified_at else None,
            "birthday": {"on": member.birthday.isoformat(), "said": full_date(member.birthday)}
            if member.birthday
            else None,
            "language": member.locale,
            "joined": self._moment(member.joined_at),
            "location": member.location.name if member.location else None,
        }

    def _consent(self, row: Consent) -> dict[str, Any]:
        said = gettext("yes") if row.given else gettext("no")
        return {
            "purpose": row.purpose,
            "given": row.given,
            "source": row.source,
            "recorded": self._moment(row.recorded_at),
            "said": f"{Consent.Purpose(row.purpose).label}: {said}",
        }

    def _purchase(self, row: Purchase) -> dict[str, Any]:
        currency = row.currency
        reasons = [say_reason(reason, currency, self.language) for reason in row.told]
        return {
            "amount": decimal_text(row.amount_minor, currency),
            "currency": currency,
            "said": say_money(row.amount_minor, currency, self.language),
            "location": row.location.name if row.location else None,
            "reference": row.reference,
            "items": row.items,
            **self._bill(row),
            "units": row.awarded,
            "reasons": reasons,
            "occurred": self._moment(row.occurred_at),
            "cancelled": self._moment(row.cancelled_at) if row.cancelled_at else None,
            "refunded": decimal_text(row.refunded_minor, currency),
            "refunded_said": say_money(row.refunded_minor, currency, self.language)
            if row.refunded_minor
            else "",
        }

    def _bill(self, row: Purchase) -> dict[str, Any]:
        """What of the amount is what, and how it was paid."""
        parts = {
            "tax": ("tax_minor", gettext("Tax")),
            "tip": ("tip_minor", gettext("Tip")),
            "discount": ("discount_minor", gettext("Discount")),
            "paid_with_units": ("paid_in_units_minor", gettext("Paid with points")),
        }
        payment = row.bill.get("payment", "")
        said = [
            f"{words}: {say_money(row.bill[kept], row.currency, self.language)}"
            for kept, words in parts.values()
            if row.bill.get(kept)
        ]
        return {
            **{name: decimal_text(row.bill.get(kept, 0), row.currency) for name, (kept, _) in parts.items()},
            "payment": payment,
            "bill_said": said
            + (
                [gettext("Paid: %(how)s") % {"how": gettext(METHODS.get(payment, payment))}]
                if payment
                else []
            ),
        }

    def _happening(self, row: Happening) -> dict[str, Any]:
        told = [reason for reason in row.reasons if not reason.get("silent")]
        return {
            "type": row.trigger,
            "said": str(TRIGGERS.get(row.trigger, row.trigger)),
            "name": row.name,
            "reasons": [say_reason(reason, self.merchant.currency, self.language) for reason in told],
            "occurred": self._moment(row.occurred_at),
        }

    def _statement(
        self, member: Member, standing: loyalty_queries.MemberStanding
    ) -> Iterator[dict[str, Any]]:
        before, currency = None, standing.version.currency
        while True:
            lines = story_of(member.id, limit=LINES_AT_ONCE, before=before, standing=standing)
            for line in lines:
                yield {
                    "amount": line.amount,
                    "unit": line.unit,
                    "balance": line.balance,
                    "said": signed(line.amount),
                    "balance_said": say_number(line.balance, self.language),
                    "reason": say_entry(
                        line.kind, line.reasons, currency, self.language, version=standing.version
                    ),
                    "note": line.note,
                    "occurred": self._moment(line.occurred_at),
                }
            if len(lines) < LINES_AT_ONCE:
                return
            before = lines[-1].entry_id

    def _message(self, row: Message) -> dict[str, Any]:
        return {
            "kind": row.kind,
            "said": gettext("E-mail about points")
            if row.kind == "points"
            else gettext("E-mail with the card’s link"),
            "written": self._moment(row.created_at),
            "sent": self._moment(row.sent_at) if row.sent_at else None,
        }

    def _moment(self, moment: dt.datetime) -> dict[str, str]:
        """On the merchant's clock, as on the card."""
        local = moment.astimezone(zoneinfo.ZoneInfo(self.merchant.time_zone))
        said = format_datetime(local, "long", tzinfo=local.tzinfo, locale=self.language)
        return {"at": local.isoformat(timespec="seconds"), "said": str(said)}
