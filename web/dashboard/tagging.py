"""The tags of a member: words of the shop's own, which rules ask for and by which the list is filtered."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from members.tags import LONGEST_TAG, MOST_TAGS, read_tags, set_tags, tags_in_use
from merchants.access import Permission
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.whose import member_or_404
from web.errors import focus_first_error, show_at_field

SHOWN = 12  # tags in use that are told: more is a list that nobody reads


class TagsForm(forms.Form):
    """The member's tags, with commas between."""

    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        max_length=(LONGEST_TAG + 2) * MOST_TAGS,
        help_text=_("Several with a comma between. Empty takes them all away."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.EDIT_MEMBERS)
def tags(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """Ask which, and keep them."""
    member = member_or_404(member_id)
    form = TagsForm(request.POST or None, initial={"tags": ", ".join(member.tags)})
    if request.method == "POST" and form.is_valid():
        try:
            wanted = read_tags(form.cleaned_data["tags"].split(","))
            set_tags(member=member, tags=wanted, actor=str(request.staff.id))
            messages.success(request, gettext("Saved."))
            return redirect("dashboard-member", request.merchant.slug, member.id)
        except DomainError as refusal:
            show_at_field(form, refusal)
    focus_first_error(form)
    context = page_context(request, "members") | {
        "form": form,
        "member": member,
        "in_use": tags_in_use(SHOWN),
    }
    return render(request, "dashboard/tags.html", context, status=422 if form.errors else 200)
