"""A member's story in words: every line of the books with its reasons, and every message, grouped by time."""

import datetime as dt
from collections import deque
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.languages import reader_language
from integrations.notifications.models import Message
from integrations.notifications.queries import messages_to
from loyalty.models import Merge, Purchase
from loyalty.queries import MemberStanding
from loyalty.rules.types import Version
from loyalty.story import StoryLine, unrewarded_purchases
from loyalty.wording import say_entry, say_reason
from members.models import Member
from web.dashboard.joint_story import Book, Told, books_of, left_at, lines_of
from web.templatetags.habitue import brief_in_year, money, number, signed

WEEK = dt.timedelta(days=7)
PAGE_LINES = 30
MOST_BESIDE = 200  # messages, and purchases without units, beside a page of lines: more than there ever were
SHOWS = ("points", "messages")


def story_groups(items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Items, newest first, under the week or the month they belong to."""
    groups: list[dict[str, Any]] = []
    now = timezone.localtime()
    for item in items:
        label = _group(item["moment"], now)
        if not groups or groups[-1]["label"] != label:
            groups.append({"label": label, "lines": []})
        groups[-1]["lines"].append(item)
    return groups


def _group(moment: dt.datetime, now: dt.datetime) -> str:
    if now - moment < WEEK:
        return _("The last seven days")
    month = formats.date_format(moment, "F" if moment.year == now.year else "F Y")
    if (moment.year, moment.month) == (now.year, now.month):
        return _("Earlier in %(month)s") % {"month": month}
    return capfirst(month)


def page_of(
    asked: QueryDict, member: Member, standing: MemberStanding, merges: Sequence[Merge], currency: str
) -> dict[str, Any]:
    """The lines that the address asks for, under their headings, and where older ones are. Four queries at most, and
    four more where somebody was merged into the member.
    """
    show = next((each for each in SHOWS if each == asked.get("show")), "")
    books = books_of(member, standing, merges)
    after, until = _read_place(asked.get("before", ""), len(books))
    lines, beside, has_older = _read(books, show, after, until)
    items = _in_order(lines, beside, standing.version)
    if not show and not has_older and not any(item.get("is_joining") for item in items):
        items.append(_item(member.joined_at, icon="user-plus", what=_("Joined")))
    return {
        "groups": story_groups(items),
        "older": _older(show, left_at(lines, after), lines, beside) if has_older else "",
        "is_newest": until is None,
        "shows": [
            {"label": word, "href": f"?show={each}" if each else "?", "current": each == show}
            for each, word in (("", _("Everything")), ("points", _("Points")), ("messages", _("Messages")))
        ],
    }


def _read(
    books: Sequence[Book], show: str, after: Sequence[UUID | None], until: dt.datetime | None
) -> tuple[list[Told], list[Message | Purchase], bool]:
    """A page's lines, what else was at that time, newest first, and whether older ones follow."""
    ids = [book.member_id for book in books]
    if show == "messages":
        messages = messages_to(ids, since=None, before=until, limit=PAGE_LINES + 1)
        return [], [*messages[:PAGE_LINES]], len(messages) > PAGE_LINES
    lines = lines_of(books, after=after, limit=PAGE_LINES + 1)
    has_older, lines = len(lines) > PAGE_LINES, lines[:PAGE_LINES]
    since = lines[-1].line.occurred_at if has_older else None
    beside: list[Message | Purchase] = [
        *unrewarded_purchases(ids, since=since, before=until, limit=MOST_BESIDE)
    ]
    if show != "points":
        beside += messages_to(ids, since=since, before=until, limit=MOST_BESIDE)
    return lines, sorted(beside, key=_moment, reverse=True), has_older


def _moment(told: Message | Purchase) -> dt.datetime:
    return told.occurred_at if isinstance(told, Purchase) else told.created_at


def _older(
    show: str, left: Sequence[UUID | None], lines: Sequence[Told], beside: Sequence[Message | Purchase]
) -> str:
    """Where the next page begins: after these entries of the books, and before this moment for messages."""
    oldest = lines[-1].line.occurred_at if lines else _moment(beside[-1])
    entries = "-".join(entry.hex if entry else "" for entry in left)
    place = f"{entries}.{int(oldest.timestamp() * 1_000_000)}"
    return f"?{urlencode({'show': show, 'before': place} if show else {'before': place})}"


def _read_place(text: str, books: int) -> tuple[list[UUID | None], dt.datetime | None]:
    """What `_older` wrote, an entry for each of the books; the newest page for what is no such place."""
    newest: tuple[list[UUID | None], None] = [None] * books, None
    entries, _dot, moment = text.partition(".")
    if not (moment.isascii() and moment.isdecimal() and len(moment) < 18):
        return newest
    try:
        left = [UUID(hex=entry) if entry else None for entry in entries.split("-")]
        until = dt.datetime.fromtimestamp(int(moment) / 1_000_000, dt.UTC)
    except ValueError:
        return newest
    return (left, until) if len(left) == books else newest


def _in_order(
    lines: Sequence[Told], beside: Sequence[Message | Purchase], version: Version
) -> list[dict[str, Any]]:
    """What else there was, between the lines where it belongs. Lines stay in the order of the books: each balance follows."""
    waiting, told = deque(beside), []
    for each in lines:
        while waiting and _moment(waiting[0]) > each.line.occurred_at:
            told.append(_beside(waiting.popleft()))
        if not each.of:
            told.append(_line(each.line, version))
        elif each.line.kind != "merge":  # the member's own line tells of it
            told.append(_line_of_another(each, version))
    return told + [_beside(each) for each in waiting]


def _line_of_another(told: Told, version: Version) -> dict[str, Any]:
    """A line of a card that became one with the member's: its balance is that card's."""
    item = _line(told.line, version)
    where = _("On the card of %(name)s.") % {"name": told.of}
    return item | {"why": f"{item['why']} {where}".strip(), "is_joining": False}


def _item(moment: dt.datetime, **told: Any) -> dict[str, Any]:
    return {"moment": timezone.localtime(moment), "when": brief_in_year(moment), **told}


def _beside(told: Message | Purchase) -> dict[str, Any]:
    return _unrewarded(told) if isinstance(told, Purchase) else _message(told)


def _unrewarded(purchase: Purchase) -> dict[str, Any]:
    """A purchase of which the books know nothing: what it nearly earned, and a way to give its money back."""
    language = reader_language()
    missed = [f"{capfirst(say_reason(reason, purchase.currency, language))}." for reason in purchase.reasons]
    return _item(
        purchase.occurred_at,
        icon="receipt",
        what=_spent(purchase),
        why=" ".join(filter(None, [_("Nothing earned."), _became(purchase), *missed])),
        takes_back=purchase if purchase.left_minor else None,
    )


def _message(message: Message) -> dict[str, Any]:
    words = {
        "points": _("E-mail about new points"),
        "confirmation": _("E-mail to prove the address"),
        "moved": _("E-mail to the address before"),
    }
    return _item(
        message.created_at,
        icon="send",
        what=words.get(message.kind, _("E-mail")),
        why=_("Sent.") if message.sent_at else _("Waits to be sent."),
    )


def _line(line: StoryLine, version: Version) -> dict[str, Any]:
    purchase = line.purchase
    return _item(
        line.occurred_at,
        icon=_icon(line),
        what=_what(line, version),
        **_why(line, version),
        amount=signed(line.amount) if line.amount else number(line.units),
        balance=signed(line.balance) if line.balance < 0 else number(line.balance),
        is_joining=_is_joining(line),
        takes_back=purchase if purchase and line.kind == "award" and purchase.left_minor else None,
    )


def _is_joining(line: StoryLine) -> bool:
    return bool(line.reasons.get("code") == "welcome")


_ICONS = {
    "vest": "check",
    "hold": "clock",
    "release": "rotate-ccw",
    "return": "undo-2",
    "take_back": "undo-2",
    "expire": "hourglass",
    "adjust": "pencil",
    "merge": "users",
}


def _icon(line: StoryLine) -> str:
    if _is_joining(line):
        return "user-plus"
    if line.kind == "award":
        return "gift" if line.purchase is None else "stamp"
    return _ICONS.get(line.kind, "gift")


def _what(line: StoryLine, version: Version) -> str:
    purchase, language = line.purchase, reader_language()
    if line.kind in {"spend", "capture"}:
        return _("Points used")
    if _is_joining(line):
        return _("Joined")
    if purchase is None or line.kind != "award":
        return say_entry(line.kind, line.reasons, version.currency, language, version=version)
    return _spent(purchase)


def _spent(purchase: Purchase) -> str:
    spent = {"money": money(purchase.amount_minor, purchase.currency)}
    if purchase.location is None:
        return _("%(money)s spent") % spent
    return _("%(money)s at %(location)s") % (spent | {"location": purchase.location.name})


def _why(line: StoryLine, version: Version) -> dict[str, str]:
    """The sum in bold, then what it is made of, what the purchase nearly earned, who was there, and what is owed."""
    said = _of_award(line, version) if line.kind == "award" else _of_change(line)
    if line.repaid:
        said.append(_("%(units)s of it repaid what was owed.") % {"units": number(line.repaid)})
    if line.owed:
        said.append(
            _("%(units)s of it are owed: the next ones repay that first.") % {"units": number(line.owed)}
        )
    told = {"why": " ".join(said)}
    if line.kind == "award" and "code" in line.reasons:
        told["sum"] = say_reason(line.reasons, version.currency, reader_language(), version)
    return told


def _of_award(line: StoryLine, version: Version) -> list[str]:
    sentences, purchase, language = [], line.purchase, reader_language()
    extra = line.units - int(line.reasons.get("base", line.units))
    if extra > 0:
        parts = {"base": number(line.units - extra), "extra": number(extra)}
        sentences.append(_("%(base)s by the rule, %(extra)s by the tier.") % parts)
    if line.actor:
        sentences.append(_("Scanned by %(name)s.") % {"name": line.actor.partition(" ")[0]})
    elif purchase is not None and purchase.channel == purchase.Channel.API:
        sentences.append(_("Sent by the till."))
    if line.amount == 0 and not line.repaid:
        sentences.append(_("Not to be used yet."))
    if purchase is not None:
        sentences.append(_became(purchase))
    missed = [reason for reason in purchase.told if reason["units"] == 0] if purchase else []
    sentences += [
        f"{capfirst(say_reason(reason, version.currency, language, version))}." for reason in missed
    ]
    return [sentence for sentence in sentences if sentence]


def _became(purchase: Purchase) -> str:
    if purchase.cancelled_at:
        return _("Cancelled since.")
    if purchase.ended_at:
        return _("Refunded since.")
    spent = money(purchase.refunded_minor, purchase.currency)
    return _("%(money)s refunded since.") % {"money": spent} if purchase.refunded_minor else ""


def _of_change(line: StoryLine) -> list[str]:
    """What was taken or given back, in the words of whoever did it, and who that was."""
    sentences = []
    units = {"units": number(line.units), "all": number(line.reasons.get("units", 0))}
    if line.kind == "take_back" and line.units == line.reasons.get("units"):
        sentences.append(_("Takes back the %(units)s it had given.") % units)
    elif line.kind == "take_back":
        sentences.append(_("Takes back %(units)s of the %(all)s it had given.") % units)
    elif line.kind == "return":
        sentences.append(_("Gives back %(units)s that were used on it.") % units)
    elif line.kind == "capture":
        sentences.append(_("They had been set aside for it."))
    if line.note:
        sentences.append(_("“%(note)s”") % {"note": line.note})
    if line.actor:
        sentences.append(_("By %(name)s.") % {"name": line.actor.partition(" ")[0]})
    return sentences
