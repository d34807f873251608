"""The team: who is in it, who is invited, and what each may do. For owners."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from merchants import invitations, queries, team
from merchants.access import Permission
from merchants.models import Invitation, StaffMember
from web.access import StaffRequest, page_context, staff_view
from web.errors import show_at_field
from web.parts import form_of

PAGE = "dashboard-team"
ROLES = {
    StaffMember.Role.OWNER: _("Everything, the team and the keys too"),
    StaffMember.Role.MANAGER: _("Programme, members, figures and settings"),
    StaffMember.Role.CASHIER: _("The scanner: points and new members"),
}


class InvitationForm(forms.Form):
    """Whom to invite, as what, and in which language to write."""

    email = forms.CharField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[
            (role, role.label) for role in reversed(StaffMember.Role)
        ],  # what is wanted most comes first
    )
    locale = forms.ChoiceField(label=_("Language of the letter"), choices=settings.LANGUAGES)


@require_http_methods(["GET", "POST"])
@staff_view(Permission.MANAGE_TEAM)
def listing(request: StaffRequest) -> HttpResponse:
    """Everybody; posting invites."""
    initial = {"locale": request.merchant.locale}
    form = InvitationForm(
        request.POST if request.method == "POST" else None, initial=initial, auto_id="invite_%s"
    )
    if form.is_valid():
        try:
            sent = invitations.invite(actor=request.staff, **form.cleaned_data)
            messages.success(
                request, gettext("The invitation is on its way to %(email)s.") % {"email": sent.email}
            )
            return redirect(PAGE, request.merchant.slug)
        except DomainError as refusal:
            show_at_field(form, refusal)
    now = timezone.now()
    context = page_context(request, "team") | {
        "form": form,
        "team": queries.team(),
        "invitations": [_row(invitation, now) for invitation in queries.open_invitations()],
        "roles": StaffMember.Role.choices,
        "rights": [{"label": StaffMember.Role(role).label, "value": words} for role, words in ROLES.items()],
    }
    return render(request, "dashboard/team.html", context, status=422 if form.errors else 200)


def _row(invitation: Invitation, now: Any) -> dict[str, Any]:
    return {"invitation": invitation, "is_late": invitation.expires_at <= now}


@form_of(PAGE)
@staff_view(Permission.MANAGE_TEAM)
def role(request: StaffRequest, staff_id: UUID) -> HttpResponse:
    """Another role, from the next click on."""
    try:
        staff = team.change_role(staff_id=staff_id, role=request.POST.get("role", ""), actor=request.staff)
        words = gettext("%(name)s: %(role)s from now on.")
        messages.success(request, words % {"name": staff.user, "role": staff.get_role_display()})
    except team.StaffUnknown:
        raise Http404 from None
    except DomainError as refusal:
        messages.error(request, refusal.detail)
    return _back(request, staff_id)


@form_of(PAGE)
@staff_view(Permission.MANAGE_TEAM)
def removal(request: StaffRequest, staff_id: UUID) -> HttpResponse:
    """Out of the team; the toast takes it back."""
    merchant = request.merchant
    try:
        staff = team.remove_staff(staff_id=staff_id, merchant=merchant, actor=request.staff)
    except team.StaffUnknown:
        raise Http404 from None
    except team.LastOwner as refusal:
        messages.error(request, refusal.detail)
        return redirect(PAGE, merchant.slug)
    words = gettext("%(name)s is out of the team.") % {"name": staff.user}
    own = staff.id == request.staff.id  # who left cannot undo it
    undo = "" if own else reverse("dashboard-staff-return", args=[merchant.slug, staff.id])
    messages.success(request, words, extra_tags=undo)
    return _back(request, staff_id)


@form_of(PAGE)
@staff_view(Permission.MANAGE_TEAM)
def staff_return(request: StaffRequest, staff_id: UUID) -> HttpResponse:
    """Undo a removal."""
    try:
        staff = team.return_staff(staff_id=staff_id, merchant=request.merchant, actor=request.staff)
    except team.StaffUnknown:
        raise Http404 from None
    messages.success(request, gettext("%(name)s is back in the team.") % {"name": staff.user})
    return redirect(PAGE, request.merchant.slug)


@form_of(PAGE)
@staff_view(Permission.MANAGE_TEAM)
def letter(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    """Send an invitation again."""
    try:
        sent = invitations.send_again(invitation_id=invitation_id, actor=request.staff)
    except invitations.InvitationGone:
        raise Http404 from None
    messages.success(request, gettext("A new letter is on its way to %(email)s.") % {"email": sent.email})
    return redirect(PAGE, request.merchant.slug)


@form_of(PAGE)
@staff_view(Permission.MANAGE_TEAM)
def revocation(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    try:
        invitation = invitations.revoke_invitation(invitation_id=invitation_id, actor=request.staff)
    except invitations.InvitationGone:
        raise Http404 from None
    words = gettext("The invitation of %(email)s is taken back.")
    messages.success(request, words % {"email": invitation.email})
    return redirect(PAGE, request.merchant.slug)


def _back(request: StaffRequest, staff_id: UUID) -> HttpResponse:
    """To the list; who changed their own role or left may not see it any more."""
    if staff_id == request.staff.id:
        return redirect("dashboard")
    return redirect(PAGE, request.merchant.slug)
