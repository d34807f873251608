"""What the pages of rewards share: which one an address asks for, who reads, what the shop said of itself, where to go on."""

from typing import get_args
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from core.languages import reader_language
from loyalty.gallery.templates import Kit
from loyalty.programme.advice import Numbers
from loyalty.programme.versions import version_in_force
from loyalty.wording.reader import Reader
from rewards import catalogue
from rewards.models import Reward
from rewards.offers import Status
from rewards.planning import numbers_of, plan_of
from web.access import StaffRequest
from web.dashboard.rewards.asking import Known
from web.places import names_by_id

PAGE, ONE = "dashboard-rewards", "dashboard-reward"


def found(reward_id: UUID) -> Reward:
    """The reward, or a 404."""
    try:
        return catalogue.find_reward(reward_id)
    except catalogue.RewardUnknown:
        raise Http404 from None


def read_status(text: str) -> Status:
    """What an address asks for; what is offered, by default."""
    return next((status for status in get_args(Status) if status == text), "live")


def list_of(request: StaffRequest, status: str) -> str:
    """The address of the tickets of one status."""
    page = reverse(PAGE, args=[request.merchant.slug])
    return page if status == "live" else f"{page}?{urlencode({'status': status})}"


def at_blank(request: StaffRequest, reward_id: UUID, field: str) -> str:
    """The page of one with this blank open."""
    page = reverse(ONE, args=[request.merchant.slug, reward_id])
    return f"{page}?{urlencode({'blank': field})}" if field else page


def known_to(request: StaffRequest) -> Known:
    """Who reads at the desk, and what there is to choose from. Two queries."""
    merchant = request.merchant
    reader = Reader(reader_language(), merchant.currency, version_in_force(), names_by_id(), is_desk=True)
    return Known(reader, Kit(merchant.currency, merchant.locale, timezone.localdate()))


def numbers_said(request: StaffRequest) -> Numbers:
    """What the shop said of itself, or what its trade might. One query."""
    return numbers_of(plan_of(), request.merchant, 0)
