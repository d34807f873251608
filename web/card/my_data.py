"""Everything a merchant knows of one member, for that member to keep: a page for people and JSON for machines, in a ZIP.

It holds no code and no link that would open the card, and nothing of anybody else. What is kept under another card that
became one with this one is for who just proved to be the member: the merge may have been a mistake.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_GET

from core.dates import say_date
from core.languages import reader_language
from core.money import decimal_text, say_money
from core.rate_limits import count_if_counting
from integrations.notifications.models import Message
from loyalty import queries as loyalty_queries
from loyalty.happenings.referring import friends_of
from loyalty.membership.story import story_of
from loyalty.models import Happening, Purchase, Standing
from loyalty.purchases import queries as purchase_queries
from loyalty.rules.calendar import local
from loyalty.wording import say_all, say_entry, say_moved, say_reason
from loyalty.wording.conditions import CHANNELS, METHODS
from members.models import Consent, Member
from members.pins import has_pin
from members.queries import merged_into
from merchants.models import Merchant
from studio.counting import arrival_of
from web.acts import say_happening
from web.card.my_rewards import rewards_of
from web.card.my_tiers import tiers_of
from web.card.session import CardRequest, has_proof, is_own_phone, member_view
from web.letters import say_letter, say_sending
from web.templatetags.habitue import full_date
from web.tiers import say_keeping_of

# Once a month is much; whoever asks more often is a script, and each file reads a whole story.
MOST_FILES, FILES_SECONDS = 6, 3600
LINES_AT_ONCE = 500
# But on the member's own phone.
UNTOLD = {"phone": "", "email": "", "email_proven": None, "birthday": None, "has_pin": None}
# Through which door it came; what happens by itself came through none.
DOORS = {**CHANNELS, "desk": gettext_noop("by the team"), "card": gettext_noop("on the card")}


@member_view
@require_GET
def download(request: CardRequest) -> HttpResponse:
    """The ZIP. 429 when asked for too often."""
    count_if_counting("my-data", request.member.id, most=MOST_FILES, seconds=FILES_SECONDS)
    told = Telling(
        request.member, request.merchant, reader_language(), has_proof(request), is_own_phone(request)
    )
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
    is_own: bool  # or else the phone of who was merged into the member: the shop's notes are not for it

    def archive(self, name: str) -> bytes:
        """Two files of one content."""
        data = self.everything()
        words = {"data": data, "merchant": self.merchant, "is_own": self.is_own, "language": self.language}
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{name}.html", render_to_string("card/my_data.html", words))
            archive.writestr(f"{name}.json", orjson.dumps(data, option=orjson.OPT_INDENT_2))
        return file.getvalue()

    def everything(self) -> dict[str, Any]:
        """All of it. In the merchant's scope."""
        united = merged_into(self.member.id)
        merged = united if self.is_proven else []
        standings = loyalty_queries.standings_of([self.member.id, *(each.id for each in merged)])
        standing = standings[self.member.id]
        return {
            "merchant": self.merchant.name,
            "made": self._moment(timezone.now()),
            **self._of(self.member, standing, united),
            "standing": standing.tier_answer()
            | {
                "keeping": say_keeping_of(standing),
                "warned_for": self._warned_for() if self.is_own else None,
                "tier_since": standing.tier_since.isoformat()
                if standing.tier and standing.tier_since
                else None,
                "balances": standing.balances,
                "said": ", ".join(say_all(standing.version, standing.balances, self.language)),
            },
            "purchases": [
                self._purchase(row) for row in purchase_queries.purchases(member_id=self.member.id)
            ],
        } | (
            {"other_cards": [self._of(each, standings[each.id]) for each in merged]} if self.is_proven else {}
        )

    def _of(
        self, member: Member, standing: loyalty_queries.MemberStanding, united: Sequence[Member] = ()
    ) -> dict[str, Any]:
        """What is kept under one card: the member's own, or one that became one with it. What is there of those that are
        `united` with it is told with theirs, if at all."""
        consents = Consent.objects.filter(member=member).order_by("recorded_at", "id")
        messages = Message.objects.filter(member=member).order_by("created_at", "id")
        happenings = Happening.objects.select_related("location").filter(member=member)
        brought, is_friend = friends_of(member.id)
        arrival = arrival_of(member.id)
        return {
            "profile": self._profile(member),
            "tags": [
                {"tag": tag, "given": self._moment(dt.datetime.fromisoformat(given["at"]))}
                for tag, given in member.tags.items()
                if self.is_own and all(other.tags.get(tag) != given for other in united)
            ],
            "friends": {"brought": brought, "came_by_a_friend": is_friend},
            "came_by_the_code": arrival.link.label if arrival and self.is_own else None,
            "consents": [self._consent(row) for row in consents],
            "happenings": [self._happening(row) for row in happenings.order_by("occurred_at", "id")]
            if self.is_own
            else [],
            "tiers": tiers_of(member, standing.version, self._moment) if self.is_own else [],
            "rewards": rewards_of(member, standing.version, self._moment, self.merchant)
            if self.is_own
            else [],
            "statement": list(self._statement(member, standing)),
            "messages": [self._message(row) for row in messages],
        }

    def _warned_for(self) -> str | None:
        """The day for which the member was told that the tier would be lost."""
        on = Standing.objects.values_list("warned_for", flat=True).get(member=self.member)
        return on.isoformat() if on else None

    def _profile(self, member: Member) -> dict[str, Any]:
        verified_at, birthday = member.email_verified_at, member.birthday
        reached_by = {
            "phone": member.phone,
            "email": member.email,
            "email_proven": self._moment(verified_at) if verified_at else None,
            "birthday": {"on": birthday.isoformat(), "said": full_date(birthday)} if birthday else None,
            "has_pin": has_pin(member),
        }
        return {
            "name": member.name,
            **(reached_by if self.is_own else UNTOLD),
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
            "said": _named(str(Consent.Purpose(row.purpose).label), said),
        }

    def _purchase(self, row: Purchase) -> dict[str, Any]:
        currency = row.currency
        reasons = [say_reason(reason, currency, self.language) for reason in row.told]
        return {
            "amount": decimal_text(row.amount_minor, currency),
            "currency": currency,
            "said": say_money(row.amount_minor, currency, self.language),
            "location": row.location.name if row.location else None,
            **_door(row.channel),
            **({"reference": row.reference, "items": row.items, **self._bill(row)} if self.is_own else {}),
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
            _named(words, say_money(row.bill[kept], row.currency, self.language))
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
            "said": say_happening(row.trigger, row.name),
            "name": row.name,
            "location": row.location.name if row.location else None,
            **_door(row.channel),
            "reasons": [say_reason(reason, self.merchant.currency, self.language) for reason in told],
            "occurred": self._moment(row.occurred_at),
            "taken_back": self._moment(row.cancelled_at) if row.cancelled_at else None,
        }

    def _statement(
        self, member: Member, standing: loyalty_queries.MemberStanding
    ) -> Iterator[dict[str, Any]]:
        before: tuple[UUID, ...] = ()
        currency = standing.version.currency
        while True:
            lines = story_of(member.id, limit=LINES_AT_ONCE, before=before, standing=standing)
            for line in lines:
                yield {
                    "amount": line.amount,
                    "unit": line.unit,
                    "balance": line.balance,
                    "said": say_moved(standing.version, line.unit, line.amount, self.language),
                    "balance_said": say_moved(
                        standing.version, line.unit, line.balance, self.language, sign=False
                    ),
                    "reason": say_entry(
                        line.kind, line.reasons, currency, self.language, version=standing.version
                    ),
                    "note": line.note if self.is_own else "",
                    "occurred": self._moment(line.occurred_at),
                }
            if len(lines) < LINES_AT_ONCE:
                return
            before = lines[-1].place

    def _message(self, row: Message) -> dict[str, Any]:
        return {
            "kind": row.kind,
            "said": say_letter(row),
            "written": self._moment(row.created_at),
            "sent": self._moment(row.sent_at) if row.sent_at else None,
            "dropped": self._moment(row.dropped_at) if row.dropped_at else None,
            "became": say_sending(row),
        }

    def _moment(self, moment: dt.datetime) -> dict[str, str]:
        """On the merchant's clock, as on the card."""
        here = local(moment, self.merchant.time_zone)
        said = f"{say_date(here, 'd MMMM y', self.language)}, {here:%H:%M}"
        return {"at": here.isoformat(timespec="seconds"), "said": said}


def _named(what: str, said: str) -> str:
    return gettext("%(what)s: %(said)s") % {"what": what, "said": said}


def _door(channel: str) -> dict[str, str]:
    return {"channel": channel, "door": gettext(DOORS[channel]) if channel in DOORS else channel}
