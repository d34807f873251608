"""A member's story in words: every line of the books with its reasons, and every message, grouped by time."""

import datetime as dt
from collections import deque
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.languages import reader_language
from integrations.notifications.models import Message
from integrations.notifications.queries import messages_to
from loyalty.membership.story import StoryLine, bought_beside, read_place, write_place
from loyalty.membership.tier_story import TierTurn, tier_turns
from loyalty.models import Merge, Purchase
from loyalty.queries import MemberStanding
from loyalty.rules.types import Version
from loyalty.wording import say_entry, say_moved, say_reason
from members.models import Member
from web.dashboard.joint_story import Book, Place, Told, books_of, left_at, lines_of, with_purchases
from web.dashboard.story_words import became, of_change, of_tier
from web.letters import say_letter, say_sending
from web.templatetags.habitue import brief_in_year, money, number

WEEK = dt.timedelta(days=7)
PAGE_LINES = 30
MOST_BESIDE = 200  # messages, and purchases without units, beside a page of lines: more than there ever were
SHOWS = ("points", "messages")

# What stands between the lines of the books.
Beside = Message | Purchase | TierTurn


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
    asked: QueryDict, member: Member, standing: MemberStanding, merges: Sequence[Merge]
) -> dict[str, Any]:
    """The lines that the address asks for, under their headings, and where older ones are. Five queries at most, and
    three more where somebody was merged into the member.
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
    books: Sequence[Book], show: str, after: Sequence[Place], until: dt.datetime | None
) -> tuple[list[Told], list[Beside], bool]:
    """A page's lines, what else was at that time, newest first, and whether older ones follow."""
    ids = [book.member_id for book in books]
    if show == "messages":
        messages = messages_to(ids, since=None, before=until, limit=PAGE_LINES + 1)
        return [], [*messages[:PAGE_LINES]], len(messages) > PAGE_LINES
    lines = lines_of(books, after=after, limit=PAGE_LINES + 1)
    has_older, lines = len(lines) > PAGE_LINES, lines[:PAGE_LINES]
    since = lines[-1].line.occurred_at if has_older else None
    told = (each.line for each in lines)
    bought, unrewarded = bought_beside(told, ids, since=since, before=until, limit=MOST_BESIDE)
    beside: list[Beside] = [*unrewarded]
    if show != "points":
        beside += messages_to(ids, since=since, before=until, limit=MOST_BESIDE)
        beside += tier_turns(ids, since=since, before=until, limit=MOST_BESIDE)
    return with_purchases(lines, bought), sorted(beside, key=_moment, reverse=True), has_older


def _moment(told: Beside) -> dt.datetime:
    return told.created_at if isinstance(told, Message) else told.occurred_at


def _older(show: str, left: Sequence[Place], lines: Sequence[Told], beside: Sequence[Beside]) -> str:
    """Where the next page begins: after these entries of the books, and before this moment for messages."""
    oldest = lines[-1].line.occurred_at if lines else _moment(beside[-1])
    entries = "-".join(write_place(place) for place in left)
    place = f"{entries}.{int(oldest.timestamp() * 1_000_000)}"
    return f"?{urlencode({'show': show, 'before': place} if show else {'before': place})}"


def _read_place(text: str, books: int) -> tuple[list[Place], dt.datetime | None]:
    """What `_older` wrote, a place for each of the books; the newest page for what is no such place."""
    newest: tuple[list[Place], None] = [()] * books, None
    entries, _dot, moment = text.partition(".")
    if not (moment.isascii() and moment.isdecimal() and len(moment) < 18):
        return newest
    try:
        left = [read_place(place) for place in entries.split("-")]
        until = dt.datetime.fromtimestamp(int(moment) / 1_000_000, dt.UTC)
    except ValueError:
        return newest
    return (left, until) if len(left) == books else newest


def _in_order(lines: Sequence[Told], beside: Sequence[Beside], version: Version) -> list[dict[str, Any]]:
    """What else there was, between the lines where it belongs. Lines stay in the order of the books: each balance follows."""
    waiting, told = deque(beside), []
    for each in lines:
        while waiting and _moment(waiting[0]) > each.line.occurred_at:
            told.append(_beside(waiting.popleft(), version))
        if not each.of:
            told.append(_line(each.line, version))
        elif each.line.kind != "merge":  # the member's own line tells of it
            told.append(_line_of_another(each, version))
    return _acting_once(told + [_beside(each, version) for each in waiting])


def _acting_once(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a purchase gave in several units stands in several lines: the first has what can be done about it."""
    done = set()
    for item in items:
        for act in ("takes_back", "confirms"):
            about = getattr(item.get(act), "id", item.get(act))
            if (act, about) in done:
                item[act] = None
            done.add((act, about))
    return items


def _line_of_another(told: Told, version: Version) -> dict[str, Any]:
    """A line of a card that became one with the member's: its balance is that card's."""
    item = _line(told.line, version)
    where = _("On the card of %(name)s.") % {"name": told.of}
    return item | {"why": f"{item['why']} {where}".strip(), "is_joining": False}


def _item(moment: dt.datetime, **told: Any) -> dict[str, Any]:
    return {"moment": timezone.localtime(moment), "when": brief_in_year(moment), **told}


def _beside(told: Beside, version: Version) -> dict[str, Any]:
    if isinstance(told, TierTurn):
        return _item(told.occurred_at, **of_tier(told, version))
    return _unrewarded(told) if isinstance(told, Purchase) else _message(told)


def _unrewarded(purchase: Purchase) -> dict[str, Any]:
    """A purchase of which the books know nothing: what it nearly earned, and a way to give its money back."""
    language = reader_language()
    missed = [f"{capfirst(say_reason(reason, purchase.currency, language))}." for reason in purchase.reasons]
    return _item(
        purchase.occurred_at,
        icon="receipt",
        what=_spent(purchase),
        why=" ".join(filter(None, [_("Nothing earned."), became(purchase), *missed])),
        takes_back=purchase if purchase.left_minor else None,
    )


def _message(message: Message) -> dict[str, Any]:
    return _item(message.created_at, icon="send", what=say_letter(message), why=say_sending(message))


def _line(line: StoryLine, version: Version) -> dict[str, Any]:
    purchase = line.purchase
    return _item(
        line.occurred_at,
        icon=_icon(line),
        what=_what(line, version),
        **_why(line, version),
        amount=say_moved(
            version, line.unit, line.amount or line.units, reader_language(), sign=bool(line.amount)
        ),
        balance=say_moved(version, line.unit, line.balance, reader_language(), sign=False),
        is_joining=_is_joining(line),
        takes_back=purchase if purchase and line.kind == "award" and purchase.left_minor else None,
        confirms=line.cause_id if line.waits else None,
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
    said = _of_award(line, version) if line.kind == "award" else of_change(line)
    if line.repaid:
        said.append(_("%(units)s of it repaid what was owed.") % {"units": number(line.repaid)})
    if line.owed:
        said.append(
            _("%(units)s of it are owed: the next ones repay that first.") % {"units": number(line.owed)}
        )
    told = {"why": " ".join(said)}
    if line.kind == "award" and "code" in line.reasons and (line.purchase or _is_joining(line)):
        told["sum"] = say_reason(line.reasons, version.currency, reader_language(), version)
    return told


def _of_award(line: StoryLine, version: Version) -> list[str]:
    sentences, purchase, language = [], line.purchase, reader_language()
    extra = line.units - int(line.reasons.get("base", line.units))
    if extra > 0:
        parts = {"base": number(line.units - extra), "extra": number(extra)}
        sentences.append(_("%(base)s by the rule, %(extra)s by the tier.") % parts)
    if line.actor:
        by = _("Scanned by %(name)s.") if purchase else _("Given by %(name)s.")
        sentences.append(by % {"name": line.actor.partition(" ")[0]})
    elif purchase is not None and purchase.channel == purchase.Channel.API:
        sentences.append(_("Sent by the till."))
    if line.amount == 0 and not line.repaid:
        sentences.append(_("Waits to be confirmed.") if line.waits else _("Not to be used yet."))
    if purchase is not None:
        sentences.append(became(purchase))
    missed = [reason for reason in purchase.told if reason["units"] == 0] if purchase else []
    sentences += [
        f"{capfirst(say_reason(reason, version.currency, language, version))}." for reason in missed
    ]
    return [sentence for sentence in sentences if sentence]
