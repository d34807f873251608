"""One link: what came of it, its QR to take along, its name, and its end, which can be undone."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import DomainError
from merchants.access import Permission
from merchants.models import Merchant
from studio import links
from studio.counting import figures_by_day, figures_of
from studio.models import Link
from web.access import StaffRequest, page_context, staff_view
from web.dashboard import printed
from web.dashboard.studio import words
from web.errors import focus_first_error, show_at_field
from web.parts import form_of

LIST, PAGE = "dashboard-studio", "dashboard-link"


class LinkNameForm(forms.Form):
    """What the shop calls it."""

    label = forms.CharField(
        label=_("Name"),
        max_length=links.LONGEST_LABEL,
        help_text=_("Whoever joined by it reads it in their own data. Where it leads stays as it is."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.PRINT_POSTER)
def show(request: StaffRequest, link_id: UUID) -> HttpResponse:
    """The page; a POST renames it."""
    link = found(link_id)
    form = LinkNameForm(request.POST or None, initial={"label": link.label}, auto_id="link_%s")
    if request.method == "POST" and form.is_valid():
        try:
            links.rename_link(link_id=link.id, actor_id=request.staff.id, **form.cleaned_data)
            messages.success(request, gettext("Renamed. What is printed goes on working."))
            return redirect(PAGE, request.merchant.slug, link.id)
        except DomainError as refusal:
            show_at_field(form, refusal)
    if form.errors:
        focus_first_error(form)
    address = links.link_address(link, request.merchant)
    context = page_context(request, "studio") | {
        "link": link,
        "detail": words.detail_of(link),
        "stats": words.stats_of(figures_of([link])[link.id]),
        "bars": words.bars_of(figures_by_day(link)),
        "facts": words.facts_of(link),
        "address": address,
        "code": printed.on_page(request.merchant, address),
        "form": form,
    }
    return render(request, "dashboard/studio/link.html", context, status=422 if form.errors else 200)


@require_GET
@staff_view(Permission.PRINT_POSTER)
def png(request: StaffRequest, link_id: UUID) -> HttpResponse:
    """The QR as a picture for printers and word processors."""
    link = found(link_id)
    return printed.as_png(request, links.link_address(link, request.merchant), _name(request.merchant, link))


@require_GET
@staff_view(Permission.PRINT_POSTER)
def svg(request: StaffRequest, link_id: UUID) -> HttpResponse:
    """The QR as a drawing that stays sharp at any size, on its own white ground."""
    link = found(link_id)
    return printed.as_svg(request, links.link_address(link, request.merchant), _name(request.merchant, link))


@form_of(LIST)
@staff_view(Permission.PRINT_POSTER)
def stop(request: StaffRequest, link_id: UUID) -> HttpResponse:
    """From now on its page says kindly that it is over; the toast takes that back."""
    link = links.stop_link(link_id=found(link_id).id, actor_id=request.staff.id)
    undo = reverse("dashboard-link-resume", args=[request.merchant.slug, link.id])
    said = gettext("“%(label)s” is stopped.") % {"label": link.label}
    messages.success(request, said, extra_tags=undo)
    return redirect(PAGE, request.merchant.slug, link.id)


@form_of(LIST)
@staff_view(Permission.PRINT_POSTER)
def resume(request: StaffRequest, link_id: UUID) -> HttpResponse:
    """It leads again, as if nothing had been; unless there are too many by now. `print` in the form: back to its printed matter."""
    try:
        link = links.resume_link(link_id=found(link_id).id, actor_id=request.staff.id)
        messages.success(request, gettext("“%(label)s” leads on again.") % {"label": link.label})
    except links.TooManyLinks as refusal:
        messages.error(request, refusal.detail)
    page = "dashboard-link-print" if "print" in request.POST else PAGE
    return redirect(page, request.merchant.slug, link_id)


def found(link_id: UUID) -> Link:
    """With its location and reward. Raises Http404."""
    link = links.all_links().filter(id=link_id).first()
    if link is None:
        raise Http404
    return link


def _name(merchant: Merchant, link: Link) -> str:
    return f"habitue-{merchant.slug}-{link.letters}"
