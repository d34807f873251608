"""The versions there were and are to come, what each changed, and any two of them side by side."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_GET

from loyalty.programme import changelog
from loyalty.programme.changelog import A_PAGE, Logged
from loyalty.programme.drafting import Drafted, draft_of
from loyalty.programme.versions import version_in_force
from loyalty.rules.types import Version
from loyalty.wording.reader import Places
from merchants.access import Permission
from web.access import StaffRequest, page_context, staff_view
from web.changes import say_changes
from web.dashboard.forms import read_number
from web.places import names_by_id
from web.templatetags.habitue import full_date, number

DRAFT = 0  # stands where a version's number does


@require_GET
@staff_view(Permission.EDIT_PROGRAMME)
def listing(request: StaffRequest) -> HttpResponse:
    """Newest first; `before` is the number of the last one on the page before."""
    last = read_number(request.GET.get("before", ""))
    found = changelog.versions(after=last, limit=A_PAGE + 1)
    if not found:
        raise Http404
    shown, places = found[:A_PAGE], names_by_id()
    context = page_context(request, "programme") | {
        "name": _name(found),
        "versions": log_lines(shown, places),
        "older": shown[-1].version.number if len(found) > A_PAGE else None,
        "is_first": last is None,
        "has_draft": last is None and draft_of() is not None,
    }
    return render(request, "dashboard/versions.html", context)


@require_GET
@staff_view(Permission.EDIT_PROGRAMME)
def comparison(request: StaffRequest) -> HttpResponse:
    """What makes one version of another. Without a choice: what the draft, or the version in force, changes."""
    in_force, draft = version_in_force(), draft_of()
    new = _chosen(request.GET.get("new"), DRAFT if draft else in_force.number)
    old = _chosen(request.GET.get("old"), in_force.number if new == DRAFT else max(1, new - 1))
    before, after = _version(old, draft), _version(new, draft)
    numbers = [*([DRAFT] if draft else []), *changelog.numbers()]
    context = page_context(request, "programme") | {
        "choices": [(one, _named(one)) for one in numbers],
        "old": old,
        "new": new,
        "changes": say_changes(before, after, names_by_id(), is_desk=True),
        "heading": gettext("From %(old)s to %(new)s") % {"old": _named(old), "new": _named(new)},
    }
    return render(request, "dashboard/comparison.html", context)


def _name(found: list[Logged]) -> str:
    """What the programme is called now."""
    in_force = next((one.version for one in found if one.state == "in_force"), None)
    return (in_force or version_in_force()).name


def log_lines(shown: list[Logged], places: Places) -> list[dict[str, Any]]:
    """Each with the day on which the next one took over; of the first of an older page nobody looks that up."""
    lines, over = [], ""
    for logged in shown:
        lines.append(_line(logged, over, places))
        over = over if logged.state == "withdrawn" else full_date(logged.effective_at)
    return lines


def _line(logged: Logged, over: str, places: Places) -> dict[str, Any]:
    known = {"day": full_date(logged.effective_at), "over": over}
    was = gettext("in force from %(day)s to %(over)s") if over else gettext("in force from %(day)s")
    if over == known["day"]:
        was = gettext("in force on %(day)s, for a part of the day")
    states = {
        "to_come": gettext("comes into force on %(day)s") % known,
        "in_force": gettext("in force since %(day)s") % known,
        "was": was % known,
        "withdrawn": gettext("was to come on %(day)s, and was taken back") % known,
    }
    return {
        "number": logged.version.number,
        "label": _named(logged.version.number),
        "state": logged.state,
        "when": states[logged.state],
        "who": logged.who,
        "note": logged.note,
        "before": logged.before.number if logged.before else None,
        "changes": say_changes(logged.before, logged.version, places, is_desk=True) if logged.before else [],
        "is_first": logged.before is None and logged.state != "withdrawn",
    }


def _named(one: int) -> str:
    if one == DRAFT:
        return pgettext("the programme", "the draft")
    return gettext("version %(number)s") % {"number": number(one)}


def _chosen(text: str | None, usual: int) -> int:
    if text is None:
        return usual
    chosen = read_number(text)
    if chosen is None:
        raise Http404
    return chosen


def _version(one: int, draft: Drafted | None) -> Version:
    if one == DRAFT and draft:
        return draft.version
    found = changelog.kept_version(one)
    if found is None:
        raise Http404
    return found
