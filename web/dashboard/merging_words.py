"""A merge and its undoing in words: two members side by side, and what follows. It reads nothing."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.languages import reader_language
from loyalty.membership.merge_preview import Column, MergeForeseen, PartingForeseen, UnitParted
from loyalty.membership.merging import may_part_until
from loyalty.models import Merge
from loyalty.rules.types import Unit
from loyalty.wording import say_figure, say_units, unit_name
from loyalty.wording.sentences import listed
from members.models import Consent, Member
from rewards.models import Redemption
from rewards.saying import name_of, say_until
from web.dashboard.person import masked_contact
from web.templatetags.habitue import day_of_year, full_date, money, number

NOTHING = "–"
MOST_NAMED = 5  # of what is set aside: a drawer full of vouchers is told by its number


def called(member: Member, other: Member) -> str:
    """The member's name; with its contact where both go by the same one."""
    if not member.name or member.name.casefold() != other.name.casefold():
        return str(member) if member.name else _contact(member)
    contact = _contact(member)
    return f"{member.name} ({contact})" if contact else member.name


def rows_of(foreseen: MergeForeseen, stays: Member, goes: Member) -> list[dict[str, Any]]:
    """The table: what each has, and what the one who stays will have."""
    mine, theirs, currency = foreseen.stays, foreseen.goes, foreseen.stays.version.currency
    tiers = [tier.name if tier else _("none") for tier in (mine.tier, theirs.tier, foreseen.tier)]
    spent = (mine.spent_minor, theirs.spent_minor, foreseen.spent_minor)
    return [
        *_units(foreseen),
        _row(_("Tier"), *tiers),
        _row(_("Spent in all"), *(money(minor, currency) for minor in spent)),
        _row(_("Visits"), *(number(many) for many in (mine.purchases, theirs.purchases, foreseen.purchases))),
        *_known(foreseen, stays, goes),
    ]


def _units(foreseen: MergeForeseen) -> Iterator[dict[str, Any]]:
    for each in foreseen.units:
        unit, more = each.unit, ""
        name = _("Credit") if unit.kind == "credit" else capfirst(unit_name(unit, 2, reader_language()))
        if len(foreseen.units) > 1:
            more = f" · {name}"
        currency = foreseen.stays.version.currency
        yield _figures(name, each.usable, unit, currency)
        if each.pending.after:
            yield _figures(_("Not to be used yet") + more, each.pending, unit, currency)
        if each.held.after:
            yield _figures(_("Held for rewards") + more, each.held, unit, currency)
        if each.debt.stays or each.debt.goes:
            yield _figures(_("Owed") + more, each.debt, unit, currency)


def _figures(label: str, column: Column, unit: Unit, currency: str) -> dict[str, Any]:
    language, counts = reader_language(), (column.stays, column.goes, column.after)
    return _row(label, *(say_figure(unit, count, language, currency)[0] for count in counts))


def _known(foreseen: MergeForeseen, stays: Member, goes: Member) -> Iterator[dict[str, Any]]:
    """Number, address and birthday. Where both have one, the one who stays keeps its own."""
    for field, label in (("phone", _("Phone")), ("email", _("E-mail")), ("birthday", _("Birthday"))):
        mine, theirs = _say(stays, field), _say(goes, field)
        if mine or theirs:
            yield _row(label, mine or NOTHING, theirs or NOTHING, theirs if field in foreseen.taken else mine)


def _say(member: Member, field: str) -> str:
    if field == "birthday":
        return day_of_year(member.birthday) if member.birthday else ""
    value = getattr(member, field)
    return masked_contact(Member(**{field: value})) if value else ""


def _contact(member: Member) -> str:
    """In one piece: it stands inside sentences."""
    return masked_contact(member).replace(" ", "\u00a0") if member.phone or member.email else ""


def _row(label: str, stays: str, goes: str, after: str) -> dict[str, Any]:
    return {"label": label, "cells": [stays, goes], "after": after or NOTHING}


def follows_from_merge(
    foreseen: MergeForeseen, stays: Member, goes: Member, taken: Sequence[Redemption]
) -> list[str]:
    """Cards, what the one who goes has `taken` that waits, contacts and consents, each in a sentence."""
    names = {
        "stays": called(stays, goes),
        "goes": called(goes, stays),
        "rewards": _say_taken(taken, stays.merchant.time_zone),
    }
    said = [
        _(
            "Every card of both goes on working, printed or on a phone, and so do both codes to say: each finds %(stays)s."
        )
        % names,
    ]
    if taken:
        words = _("What %(goes)s has set aside comes along, and a printed code goes on working: %(rewards)s.")
        said.append(words % names)
    if stays.phone and goes.phone:
        said.append(_("Both phone numbers find %(stays)s.") % names)
    if "email" in foreseen.taken:
        said.append(_("E-mails go to the address of %(goes)s from now on.") % names)
    elif goes.email:
        said.append(_("E-mails go to the address of %(stays)s; the other one gets no more.") % names)
    said += _say_consents(foreseen, names)
    said.append(_("For 30 days it can be undone, on the page of %(stays)s.") % names)
    return said


def _say_consents(foreseen: MergeForeseen, names: dict[str, str]) -> list[str]:
    ends = {
        Consent.Purpose.POINTS_EMAIL: _("No e-mails about points: %(goes)s had not agreed to them.") % names,
        Consent.Purpose.NEWS_EMAIL: _("No news by e-mail: %(goes)s had not agreed to it.") % names,
    }
    said = [ends[Consent.Purpose(purpose)] for purpose in foreseen.narrowed]
    return said or [_("What %(stays)s agreed to stays as it is.") % names]


def _say_taken(taken: Sequence[Redemption], zone: str) -> str:
    """By name, and until when."""
    said = [
        _("%(reward)s (until %(when)s)") % {"reward": name_of(one), "when": say_until(one, zone)}
        for one in taken[:MOST_NAMED]
    ]
    if len(taken) > MOST_NAMED:
        said.append(_("%(count)s more") % {"count": number(len(taken) - MOST_NAMED)})
    return listed(said, reader_language())


def follows_from_parting(foreseen: PartingForeseen, merge: Merge, taken: Sequence[Redemption]) -> list[str]:
    """What goes back, each in a sentence; `taken` is what the one who goes home has that waits."""
    goes, stays = merge.merged, merge.into
    names = {"stays": called(stays, goes), "goes": called(goes, stays)}
    said = [_say_parted(each, merge.merchant.currency, names) for each in foreseen.units]
    if taken:
        words = _("Set aside for %(goes)s alone again: %(rewards)s.")
        said.append(words % (names | {"rewards": _say_taken(taken, merge.merchant.time_zone)}))
    if foreseen.spent_minor:
        spent = {"money": _spent(foreseen.spent_minor, merge)}
        said.append(
            _("The %(money)s that %(goes)s had spent before count for %(goes)s again.") % (names | spent)
        )
    said.append(_("Whatever was bought since stays with %(stays)s.") % names)
    said.append(_("Cards, numbers and addresses find each of the two again."))
    if "email" in goes.gave:
        said.append(
            _(
                "The address of %(stays)s goes back to %(goes)s, so %(stays)s gets a new card: letters sent there opened the old one."
            )
            % names
        )
    return said


def _say_parted(each: UnitParted, currency: str, names: dict[str, str]) -> str:
    language = reader_language()
    figures = {
        "left": say_figure(each.unit, each.left, language, currency)[0],
        "moved": say_units(each.unit, each.moved, language, currency),
    }
    if each.left == each.moved:
        return _("Back to %(goes)s: %(moved)s, all that came along.") % (names | figures)
    return _("Back to %(goes)s: what is still there, %(left)s of %(moved)s.") % (names | figures)


def _spent(minor: int, merge: Merge) -> str:
    return money(minor, merge.merchant.currency)


def merges_said(merges: list[Merge], stays: Member, now: dt.datetime) -> list[dict[str, Any]]:
    """For the page of the one who stays: who was merged into it and when, and whether that can still be undone."""
    return [
        {
            "text": _("%(goes)s was merged into %(stays)s on %(day)s.")
            % {
                "goes": called(merge.merged, stays),
                "stays": called(stays, merge.merged),
                "day": full_date(merge.merged_at),
            },
            "id": merge.id,
            "may_part": now <= may_part_until(merge),
        }
        for merge in merges
    ]
