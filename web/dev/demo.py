"""A member's card for whoever tries the service on their own machine: the one of Mia, of the demonstration's café."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from core import tenancy
from members.links import Claim
from members.models import Card
from merchants.queries import merchant_by_slug
from web.card.session import sign_in

SHOP, MEMBER = "aroma", "Mia"


@require_safe
def open_card(request: HttpRequest) -> HttpResponse:
    """This browser gets her card. Where the demonstration was not made, the styleguide has a drawn one."""
    merchant = merchant_by_slug(SHOP)
    if merchant is None:
        return redirect("styleguide")
    with tenancy.scope(merchant.id):
        card = Card.objects.filter(member__name=MEMBER).order_by("member__joined_at").first()
    if card is None:
        return redirect("styleguide")
    claim = Claim(merchant.id, card.member_id, card.generation)
    return sign_in(request, redirect("card", merchant.slug), merchant, claim)
