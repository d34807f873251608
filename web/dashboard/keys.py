"""API keys: made, listed, revoked. The secret is on the page that answers the making, and nowhere else."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from merchants import api_keys, queries
from merchants.access import Permission, Scope
from web.access import StaffRequest, page_context, staff_view
from web.errors import show_at_field
from web.parts import form_of

SCOPES = {
    Scope.WRITE_PURCHASES: _("Record, refund and cancel purchases"),
    Scope.READ_PURCHASES: _("Read purchases"),
    Scope.WRITE_MEMBERS: _("Enrol and change members"),
    Scope.READ_MEMBERS: _("Read members and their points"),
    Scope.WRITE_UNITS: _("Give and take units by hand"),
    Scope.WRITE_CODES: _("Make codes, read them out and stop them"),
    Scope.WRITE_REDEMPTIONS: _("Take, hand over and give back rewards"),
    Scope.READ_REWARDS: _("Read rewards"),
    Scope.READ_PROGRAMME: _("Read the programme"),
}


class KeyForm(forms.Form):
    """What a key is called and what it may do."""

    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("What will use it: “Till”, “Web shop”.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing that this key may do.")},
    )


@never_cache
@require_http_methods(["GET", "POST"])
@staff_view(Permission.MANAGE_KEYS)
def keys(request: StaffRequest) -> HttpResponse:
    """All keys; posting makes one and shows its secret, once."""
    form = KeyForm(request.POST if request.method == "POST" else None, auto_id="key_%s")
    secret = ""
    if form.is_valid():
        try:
            _key, secret = api_keys.make_key(actor=request.staff, **form.cleaned_data)
            form = KeyForm(auto_id="key_%s")
        except DomainError as refusal:
            show_at_field(form, refusal)
    listed = [
        {"id": str(key.id), "key": key, "scopes": [SCOPES[Scope(scope)] for scope in key.scopes]}
        for key in queries.api_keys()
    ]
    context = page_context(request, "keys") | {"form": form, "secret": secret, "keys": listed}
    return render(request, "dashboard/keys.html", context, status=422 if form.errors else 200)


@form_of("dashboard-keys")
@staff_view(Permission.MANAGE_KEYS)
def revocation(request: StaffRequest, key_id: UUID) -> HttpResponse:
    """Revoke a key. The page has asked."""
    key = queries.api_keys().filter(id=key_id).first()
    if key is None:
        raise Http404
    api_keys.revoke_key(key=key, actor=request.staff)
    messages.success(request, gettext("%(key)s is revoked.") % {"key": key.name})
    return redirect("dashboard-keys", request.merchant.slug)
