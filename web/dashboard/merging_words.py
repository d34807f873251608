"""A merge and its undoing in words: two members side by side, and what follows. It reads nothing."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from core.languages import reader_language
from loyalty.merge_preview import Column, MergeForeseen, PartingForeseen
from loyalty.merging import may_part_until
from loyalty.models import Merge
from loyalty.wording import unit_name
from members.models import Consent, Member
from web.dashboard.person import masked_contact
from web.templatetags.habitue import full_date, money, number

NOTHING = "–"


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
    spent = (mine.progress_minor, theirs.progress_minor, foreseen.progress_minor)
    return [
        *_units(foreseen),
        _row(_("Tier"), *tiers),
        _row(_("Spent in all"), *(money(minor, currency) for minor in spent)),
        _row(_("Visits"), *(number(many) for many in (mine.purchases, theirs.purchases, foreseen.purchases))),
        *_known(foreseen, stays, goes),
    ]


def _units(foreseen: MergeForeseen) -> Iterator[dict[str, Any]]:
    for each in foreseen.units:
        name = unit_name(each.unit, 2, reader_language())
        yield _figures(name[:1].upper() + name[1:], each.usable)
        if each.pending.after:
            yield _figures(_("Not to be used yet"), each.pending)
        if each.debt.stays or each.debt.goes:
            yield _figures(_("Owed"), each.debt)


def _figures(label: str, column: Column) -> dict[str, Any]:
    return _row(label, number(column.stays), number(column.goes), number(column.after))


def _known(foreseen: MergeForeseen, stays: Member, goes: Member) -> Iterator[dict[str, Any]]:
    """Number, address and birthday. Where both have one, the one who stays keeps its own."""
    for field, label in (("phone", _("Phone")), ("email", _("E-mail")), ("birthday", _("Birthday"))):
        mine, theirs = _say(stays, field), _say(goes, field)
        if mine or theirs:
            yield _row(label, mine or NOTHING, theirs or NOTHING, theirs if field in foreseen.taken else mine)


def _say(member: Member, field: str) -> str:
    if field == "birthday":
        return formats.date_format(member.birthday, "j F") if member.birthday else ""
    value = getattr(member, field)
    return masked_contact(Member(**{field: value})) if value else ""


def _contact(member: Member) -> str:
    """In one piece: it stands inside sentences."""
    return masked_contact(member).replace(" ", "\u00a0") if member.phone or member.email else ""


def _row(label: str, stays: str, goes: str, after: str) -> dict[str, Any]:
    return {"label": label, "cells": [stays, goes], "after": after or NOTHING}


def follows_from_merge(foreseen: MergeForeseen, stays: Member, goes: Member) -> list[str]:
    """Cards, contacts and consents, each in a sentence."""
    names = {"stays": called(stays, goes), "goes": called(goes, stays)}
    said = [
        _(
            "Every card of both goes on working, printed or on a phone, and so do both codes to say: each finds %(stays)s."
        )
        % names,
    ]
    if stays.phone and goes.phone:
        said.append(_("Both phone numbers find %(stays)s.") % names)
    if "email" in foreseen.taken:
        said.append(_("E-mails go to the address of %(goes)s from now on.") % names)
    elif goes.email:
        said.append(_("E-mails go to the address of %(stays)s; the other one gets no more.") % names)
    ends = {
        Consent.Purpose.POINTS_EMAIL: _("No e-mails about points: %(goes)s had not agreed to them.") % names,
        Consent.Purpose.NEWS_EMAIL: _("No news by e-mail: %(goes)s had not agreed to it.") % names,
    }
    said += [ends[Consent.Purpose(purpose)] for purpose in foreseen.narrowed]
    if not foreseen.narrowed:
        said.append(_("What %(stays)s agreed to stays as it is.") % names)
    said.append(_("For 30 days it can be undone, on the page of %(stays)s.") % names)
    return said


def follows_from_parting(foreseen: PartingForeseen, merge: Merge) -> list[str]:
    """What goes back, each in a sentence."""
    goes, stays = merge.merged, merge.into
    names = {"stays": called(stays, goes), "goes": called(goes, stays)}
    figures = {"left": number(foreseen.left), "moved": number(foreseen.moved)}
    said = []
    if foreseen.moved and foreseen.left == foreseen.moved:
        said.append(_("All %(moved)s points are still there, and go back to %(goes)s.") % (names | figures))
    elif foreseen.moved:
        said.append(
            _("%(left)s of %(moved)s points are still there, and go back to %(goes)s.") % (names | figures)
        )
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
