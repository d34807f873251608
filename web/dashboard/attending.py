"""Who came: one thing told of many members at once, from a list of numbers, addresses or codes as it lies on the counter."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.ids import new_id
from core.languages import reader_language
from loyalty.happenings.by_hand import act_of, acts_of
from loyalty.happenings.together import record_for_all
from loyalty.programme.versions import version_in_force
from members import cards, queries
from members.contacts import read_email
from members.models import Member
from merchants.access import Permission
from merchants.models import Merchant
from web.access import StaffRequest, page_context, staff_view
from web.acts import act_words
from web.dashboard.happenings import HappeningForm
from web.errors import focus_first_error, show_at_field
from web.places import names_by_id

MOST = 100  # an evening's guests; more is a list for the API


class AttendanceForm(HappeningForm):
    """What it was, and who."""

    people = forms.CharField(
        label=_("Who?"),
        max_length=MOST * 80,
        help_text=_("A phone number, an e-mail address or a card’s code on each line."),
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_people(self) -> list[str]:
        """The lines, each once."""
        lines = (line.strip() for line in self.cleaned_data["people"].splitlines())
        found = list(dict.fromkeys(line for line in lines if line))
        if len(found) > MOST:
            raise forms.ValidationError(gettext("At most %(most)d at once.") % {"most": MOST})
        return found


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.ADJUST_UNITS)
def attendance(request: StaffRequest) -> HttpResponse:
    """Ask what and who, and record it for each. Whom nobody knows is told, and can be written again."""
    version, language, places = version_in_force(), reader_language(), names_by_id()
    acts = [act_words(act, version, language, places) for act in acts_of(version)]
    form = AttendanceForm(acts, request.POST or None, initial={"key": new_id(), **_first(acts)})
    if form.is_valid():
        act = act_of(version, form.cleaned_data["act"])
        assert act is not None  # it is one of the choices
        found, unknown = _find(form.cleaned_data["people"], request.merchant)
        try:
            said = {"act": act, "key": form.cleaned_data["key"], "actor_id": request.staff.id}
            record_for_all(merchant=request.merchant, member_ids=found, channel="desk", **said)
            _say(request, len(found))
            if not unknown:
                return redirect("dashboard-members", request.merchant.slug)
            form.data = request.POST.dict() | {"people": "\n".join(unknown)}
            form.add_error("people", gettext("Nobody is known by these."))
        except DomainError as refusal:
            show_at_field(form, refusal)
    focus_first_error(form)
    context = page_context(request, "members") | {"form": form, "acts": acts}
    return render(request, "dashboard/attendance.html", context, status=422 if form.errors else 200)


def _first(acts: list[dict[str, Any]]) -> dict[str, str]:
    return {"act": acts[0]["code"]} if acts else {}


def _find(lines: Iterable[str], merchant: Merchant) -> tuple[dict[UUID, Member], list[str]]:
    """Whom the lines name, each once, and those that name nobody."""
    found, unknown = dict[UUID, Member](), list[str]()
    for line in lines:
        member = _named(line, merchant)
        if member is None:
            unknown.append(line)
        else:
            found[member.id] = member
    return found, unknown


def _named(line: str, merchant: Merchant) -> Member | None:
    try:
        if "@" in line:
            return queries.by_contact(email=read_email(line))
        return queries.scanned(cards.read(line, merchant))
    except DomainError:
        return None


def _say(request: StaffRequest, count: int) -> None:
    if count:
        words = ngettext("Noted for one member.", "Noted for %(count)d members.", count)
        messages.success(request, words % {"count": count})
