"""The programme's page: the ladder, how members earn, and its name. Each change is a change of the draft.

A change answers with a redirect to the page, to htmx too. Nothing counts for members before the draft is published.
"""

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from core.errors import DomainError
from loyalty.programme import beginning
from loyalty.programme.drafting import change_draft
from loyalty.programme.publishing import Change
from merchants.access import Permission
from rewards.catalogue import cheapest_rewards
from web.access import StaffRequest, staff_view
from web.dashboard.edited import Edited, edited_programme
from web.dashboard.example import example_of
from web.dashboard.ladder_terms import LadderForm
from web.dashboard.preview import MOST_REWARDS, preview_of
from web.dashboard.rule_rows import Opened, offered, opened_blank, rows_of, to_borrow
from web.dashboard.rungs import TierForm, ladder_of
from web.dashboard.sentence_forms import NameForm
from web.dashboard.sentences.fields import unit_words
from web.dashboard.tabs import tab_context
from web.dashboard.trying import tried, try_form
from web.dashboard.typed import consequences_of, typed_version
from web.errors import show_at_field
from web.parts import form_of, render_part, wants_part
from web.places import names_by_id

PAGE = "dashboard-programme"


@require_GET
@staff_view(Permission.EDIT_PROGRAMME)
def show(request: StaffRequest) -> HttpResponse:
    """The programme on the desk, each part with its form; with `rule` and `blank` in the address, that blank is open."""
    asked = request.GET.get("rule", ""), request.GET.get("blank", "")
    return show_programme(request, asked=asked)


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def preview(request: StaffRequest) -> HttpResponse:
    """The card and the consequences of what is typed, before any of it is saved. It changes nothing."""
    edited, known = edited_programme(), names_by_id()
    typed = typed_version(request, edited.version, known)
    context = {
        "merchant": request.merchant,
        "preview": preview_of(
            request.merchant,
            typed,
            edited.in_force,
            known,
            cheapest_rewards(MOST_REWARDS, request.merchant.locale),
        ),
        "example": example_of(typed),
        "consequences": consequences_of(typed, edited.in_force),
    }
    return render(request, "dashboard/_previewed.html", context)


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def trial(request: StaffRequest) -> HttpResponse:
    """What every rule says to a purchase that nobody made. By POST: numbers and cards belong in no address. It changes nothing."""
    if not wants_part(request):
        return show_programme(request)
    form = try_form(request.merchant, edited_programme().version, names_by_id(), request.POST)
    return render(request, "dashboard/_tried.html", {"try_form": form, "tried": tried(form)})


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def name(request: StaffRequest) -> HttpResponse:
    """Rename the programme."""
    form = NameForm(request.POST, auto_id="programme_%s")
    if form.is_valid():
        try:
            change(request, beginning.renaming(**form.cleaned_data))
            return changed(request)
        except DomainError as refusal:
            show_at_field(form, refusal)
    return show_programme(request, name_form=form)


def change(request: StaffRequest, making: Change) -> None:
    """Change the draft, whatever it says now. Raises what the change raises."""
    change_draft(merchant=request.merchant, change=making, actor=request.staff)


def changed(request: StaffRequest, words: str = "", page: str = PAGE) -> HttpResponse:
    """Back to the page. Its bar counts the changes; `words` say what else was done."""
    if words:
        messages.success(request, words)
    return redirect(page, request.merchant.slug)


def show_programme(
    request: StaffRequest,
    *,
    edited: Edited | None = None,
    tier_forms: dict[str, TierForm] | None = None,
    opened: Opened | None = None,
    asked: tuple[str, str] = ("", ""),
    **more_forms: Form,
) -> HttpResponse:
    """The page, or its part; with a form that was refused, that form and 422. `asked`: which blank to open.

    `edited` where the caller has read it. `more_forms` by their names in the template: `name_form`, `ladder_form`, `perks_form`.
    """
    edited, known = edited or edited_programme(), names_by_id()
    version, merchant, refused = edited.version, request.merchant, tier_forms or {}
    if set(refused) - {"", *(tier.id for tier in version.tiers)}:
        raise Http404
    trying = try_form(merchant, version, known, request.POST)
    context = tab_context(request, "rules", edited, known) | {
        "consequences": consequences_of(version, edited.in_force),
        "name_form": NameForm(initial={"name": version.name}, auto_id="programme_%s"),
        "ladder_form": LadderForm(version),
        **ladder_of(version, edited.in_force, refused),
        "rows": rows_of(edited, known, opened or opened_blank(version, known, *asked)),
        "offered": offered(),
        "unit_choices": [(unit.id, unit_words(unit)) for unit in version.units] if version.units[1:] else [],
        "to_borrow": to_borrow(version, known),
        "tried": tried(trying),
        "try_form": trying,
    }
    is_refused = any(form.is_bound for form in more_forms.values()) or refused or opened
    status = 422 if is_refused else 200
    return render_part(request, "dashboard/programme.html", "work", context | more_forms, status=status)
