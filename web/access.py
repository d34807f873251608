"""Who may open a page: one decorator, so that no view invents a rule.

Strangers get a 404, as if the merchant were not there; staff whose role does not allow it get a 403.
"""

import zoneinfo
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect

from core import tenancy
from loyalty.programme.publishing import try_due_in_force
from merchants import access, queries
from merchants.models import Merchant, StaffMember, User
from web.rail import rail_of

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request that passed `staff_view`."""

    user: User
    merchant: Merchant
    staff: StaffMember


View = Callable[Concatenate[StaffRequest, P], HttpResponseBase]


def staff_view(
    permission: access.Permission, *, scoped: bool = True
) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """The view gets `request.merchant` and `request.staff`, and runs in the merchant's scope: one transaction.

    Moments on the page are in the merchant's own time zone: staff think of the clock above the till.
    With `scoped=False` the scope is closed again before the view runs: for verbs that bring their own.
    No browser and no proxy keeps what it answers.
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: Any, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            merchant = queries.merchant_by_slug(slug)
            if merchant is None or merchant.id not in request.user.merchant_ids:
                raise Http404
            with timezone.override(zoneinfo.ZoneInfo(merchant.time_zone)):
                _catch_up(request, merchant, scoped=scoped)
                with tenancy.scope(merchant.id):
                    staff = queries.staff_member(request.user.id)
                    if staff is None:
                        raise Http404
                    access.require(staff, permission)
                    request.merchant, request.staff = merchant, staff
                    if scoped:
                        return view(request, *args, **kwargs)
                return view(request, *args, **kwargs)

        private = _kept_by_nobody(guarded)
        setattr(private, "permission", permission)  # noqa: B010  for the printed map of who may what
        return private

    return decorate


def _catch_up(request: HttpRequest, merchant: Merchant, *, scoped: bool) -> None:
    """Before the scope of a view that changes something: see `loyalty.programme.publishing`."""
    if scoped and request.method == "POST":
        try_due_in_force(merchant.id)


def _kept_by_nobody(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Names, numbers and figures stay in no cache."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(*args, **kwargs)
        add_never_cache_headers(response)
        return response

    return answer


def _to_sign_in(request: Any) -> HttpResponse:
    """To the sign-in page and back. Under htmx the whole page goes there: the form would land in a corner of it."""
    if not getattr(request, "htmx", False):
        return redirect_to_login(request.get_full_path())
    page = urlsplit(request.htmx.current_url_abs_path or "/").path
    return HttpResponseClientRedirect(redirect_to_login(page).url)


def page_context(request: StaffRequest, current: str) -> dict[str, Any]:
    """What every dashboard page shows around its work: whose it is, who is looking, where in the rail."""
    return {
        "merchant": request.merchant,
        "staff": request.staff,
        "nav_current": current,
        **rail_of(request.merchant, request.staff, current),
        "may": {permission.name: access.may(request.staff, permission) for permission in access.Permission},
    }
