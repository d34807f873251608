"""Making a link: first what it is printed on, then what the shop calls it. Where it leads follows from that."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.ids import new_id, public_id, read_id
from core.languages import reader_language
from merchants import queries
from merchants.access import Permission
from rewards.catalogue import live_rewards
from rewards.offers import say_in
from studio.links import LONGEST_LABEL, LONGEST_NAME, Kind, NewLink, make_link
from studio.models import Link
from web.access import StaffRequest, page_context, staff_view
from web.errors import focus_first_error, show_at_field

PAGE, ONE = "dashboard-link-new", "dashboard-link"


class LinkForm(forms.Form):
    """A link to be made, of a kind that the address says. What is allowed, `studio.links` says."""

    reward = forms.ChoiceField(label=_("Reward"))
    label = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_LABEL,
        help_text=_(
            "Where it hangs or lies: “Window, rue Mercière”. Whoever joins by it reads it in their own data."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    location = forms.ChoiceField(
        label=_("Location"),
        required=False,
        help_text=_("Who joins by it is a member of this location."),
    )
    partner = forms.CharField(
        label=_("Partner"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("The neighbour, the delivery service or the influencer who shows it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    campaign = forms.CharField(
        label=_("Campaign"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("What it is a part of: “Spring”, “Marathon”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        """In the merchant's scope: its locations and rewards are the choices."""
        super().__init__(*args, **kwargs)
        places = [(public_id("loc", place.id), place.name) for place in queries.locations()]
        self.fields["location"].choices = [("", gettext("No location in particular")), *places]  # type: ignore[attr-defined]
        if kind == Kind.REWARD:
            language = reader_language()
            rewards = [(public_id("rwd", one.id), say_in(one.names, language)) for one in live_rewards()]
            self.fields["reward"].choices = rewards  # type: ignore[attr-defined]
        else:
            del self.fields["reward"]
        if kind == Kind.TABLE:
            del self.fields["partner"]
            self.fields["label"].help_text = gettext(
                "On which table: “Table 7, by the window”. Whoever joins by it reads it in their own data."
            )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.PRINT_POSTER)
def new(request: StaffRequest) -> HttpResponse:
    """Make one; the same form sent twice makes one."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in Kind.values else Kind.JOIN
    form = LinkForm(kind, request.POST or None, initial={"key": new_id()}, auto_id="link_%s")
    if request.method == "POST" and form.is_valid():
        try:
            link = _made(request, kind, form.cleaned_data)
            messages.success(request, gettext("“%(label)s” is ready to print.") % {"label": link.label})
            return redirect(ONE, request.merchant.slug, link.id)
        except DomainError as refusal:
            show_at_field(form, refusal)
    if form.errors:
        focus_first_error(form)
    context = page_context(request, "studio") | {
        "form": form,
        "kinds": _kinds(request, kind),
        "kind": kind,
        "has_no_reward": kind == Kind.REWARD and not form.fields["reward"].choices,  # type: ignore[attr-defined]
    }
    return render(request, "dashboard/studio/new.html", context, status=422 if form.errors else 200)


def _made(request: StaffRequest, kind: str, said: dict[str, Any]) -> Link:
    """Raises what `make_link` raises."""
    asked = NewLink(
        kind=kind,
        label=said["label"],
        partner=said.get("partner", ""),
        campaign=said["campaign"],
        location_id=read_id("loc", said["location"]) if said["location"] else None,
        reward_id=read_id("rwd", said["reward"]) if "reward" in said else None,
    )
    return make_link(asked=asked, actor_id=request.staff.id, link_id=said["key"])


def _kinds(request: StaffRequest, current: str) -> list[dict[str, Any]]:
    page = reverse(PAGE, args=[request.merchant.slug])
    return [
        {"label": Kind(kind).label, "href": f"{page}?kind={kind}", "current": kind == current}
        for kind in Kind.values
    ]
