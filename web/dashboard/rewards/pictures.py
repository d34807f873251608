"""The picture of a reward: taken as a logo is, with its crop shown before it is kept; and taken away again."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from core import tenancy
from core.errors import DomainError
from merchants import logos
from merchants.access import Permission
from rewards.catalogue import RewardUnknown
from rewards.pictures import remove_picture, set_picture
from web.access import StaffRequest, staff_view
from web.dashboard.branding import LogoForm
from web.dashboard.rewards.finding import ONE, PAGE, found, known_to
from web.dashboard.rewards.one import show
from web.errors import show_at_field
from web.parts import form_of
from web.uploads import takes_file


@csrf_exempt  # checked by `takes_file`, once it is clear whose request this is
@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME, scoped=False)
@takes_file(logos.MOST_BYTES)
def picture(request: StaffRequest, reward_id: UUID) -> HttpResponse:
    """Keep a picture. Outside the scope: no transaction waits for an upload, nor for what is drawn of it."""
    with tenancy.scope(request.merchant.id):
        found(reward_id)  # before anything is drawn
    form = LogoForm(request.POST, request.FILES, auto_id="picture_%s")
    if _keep(request, reward_id, form):
        return redirect(ONE, request.merchant.slug, reward_id)
    with tenancy.scope(request.merchant.id):
        return show(request, found(reward_id), known_to(request), status=422, picture_form=form)


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def removal(request: StaffRequest, reward_id: UUID) -> HttpResponse:
    """Back to the drawing. The page has asked."""
    found(reward_id)
    remove_picture(reward_id=reward_id, actor=request.staff)
    messages.success(request, _("The picture is removed."))
    return redirect(ONE, request.merchant.slug, reward_id)


def _keep(request: StaffRequest, reward_id: UUID, form: LogoForm) -> bool:
    """Whether it is the reward's now; why not is said at the form's field."""
    if not form.is_valid():
        return False
    try:
        content = form.cleaned_data["logo"].read()
        set_picture(
            merchant=request.merchant,
            reward_id=reward_id,
            content=content,
            crop=form.crop(),
            actor=request.staff,
        )
    except RewardUnknown:
        raise Http404 from None
    except DomainError as refusal:
        show_at_field(form, refusal, picture="logo")
        return False
    messages.success(request, _("The picture is in its place, on the card and on the till."))
    return True
