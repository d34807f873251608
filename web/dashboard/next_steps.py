"""What to do next: at most FEW lines, each a fact about this shop and the page where something is done about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Exists
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.home import HomeFacts
from analytics.kpis import TierShare
from loyalty.membership.member_list import Activity
from merchants import queries
from merchants.access import Permission, may
from merchants.models import StaffMember
from web.access import StaffRequest
from web.templatetags.habitue import number

FEW = 4
# Fewer have joined and not bought yet for the simplest of reasons: they joined today.
MANY_NEVER_CAME = 5


@dataclass(frozen=True)
class Step:
    """One line."""

    icon: str
    title: str
    text: str
    action: str
    href: str


def next_steps(
    request: StaffRequest, *, shares: Sequence[TierShare], scanned: bool, facts: HomeFacts
) -> list[Step]:
    """Opening comes first, then people, then the shop. A step is there until its fact is gone. One query at most."""
    steps = [
        *(() if scanned else _setting_up(request, shares, facts)),
        *_opening(request, shares, scanned=scanned, tiers_come=bool(facts.is_setting_up)),
        *_people(request, shares),
    ]
    if len(steps) < FEW and facts.aim is None:
        steps += _aiming(request)
    if len(steps) < FEW:
        steps += _shop(request)
    return steps[:FEW]


def _setting_up(request: StaffRequest, shares: Sequence[TierShare], facts: HomeFacts) -> Iterator[Step]:
    """The wizard, while it is not finished and nothing was scanned: of a later draft the programme's page tells."""
    never = facts.is_setting_up is None and not any(share.members for share in shares)
    if facts.is_setting_up or never:
        yield Step(
            "stamp", _("Finish setting up"), _("Programme, numbers, look, poster: five minutes"), _("Go on"),
            reverse("dashboard-start", args=[request.merchant.slug]),
        )  # fmt: skip


def _aiming(request: StaffRequest) -> Iterator[Step]:
    """Nothing is to be reached yet."""
    yield Step(
        "chart-line", _("Set yourself a goal"), _("Members, visits or what you give, by a day"), _("Set it"),
        reverse("dashboard-aim", args=[request.merchant.slug]),
    )  # fmt: skip


def _opening(
    request: StaffRequest, shares: Sequence[TierShare], *, scanned: bool, tiers_come: bool
) -> Iterator[Step]:
    """What a new merchant has not done yet; while it is set up, its tiers are a step of that."""
    slug = request.merchant.slug
    if not tiers_come and not any(share.name for share in shares):
        yield Step(
            "stamp", _("Add your tiers"), _("Bronze, Silver, Gold: a reason to come back"), _("Add them"),
            reverse("dashboard-programme", args=[slug]),
        )  # fmt: skip
    if not any(share.members for share in shares):
        yield Step(
            "printer", _("Print the poster"), _("Its QR opens the form in which members join"), _("Print it"),
            reverse("dashboard-poster", args=[slug]),
        )  # fmt: skip
    if not scanned:
        yield Step(
            "scan-line", _("Make the first scan"), _("Join with your own phone, then scan your card"), _("Scan"),
            reverse("scanner", args=[slug]),
        )  # fmt: skip


def _people(request: StaffRequest, shares: Sequence[TierShare]) -> Iterator[Step]:
    """Members whom somebody should think of: regulars first."""
    top = next(iter(shares), None)
    if top is not None and top.missing:
        title = ngettext(
            "%(count)s %(tier)s member is missing", "%(count)s %(tier)s members are missing", top.missing
        )
        yield Step(
            "users",
            title % {"count": number(top.missing), "tier": top.name or _("No tier yet")},
            _("Not seen for 30 days"),
            _("See who"),
            _filtered(request, activity=Activity.MISSING, **({"tier": top.tier_id} if top.tier_id else {})),
        )
    never = sum(share.never_came for share in shares)
    if never >= MANY_NEVER_CAME:
        yield Step(
            "user-plus",
            ngettext("%(count)s member has never come", "%(count)s members have never come", never)
            % {"count": number(never)},
            _("They joined, and no purchase followed"),
            _("See who"),
            _filtered(request, activity=Activity.NEVER),
        )


def _shop(request: StaffRequest) -> Iterator[Step]:
    """What members and colleagues would like to find. One query."""
    slug = request.merchant.slug
    colleagues = StaffMember.objects.filter(removed_at=None).exclude(id=request.staff.id)
    locations = list(
        queries.locations().annotate(shared=Exists(colleagues) | Exists(queries.open_invitations()))
    )
    if may(request.staff, Permission.MANAGE_TEAM) and not any(location.shared for location in locations):
        yield Step(
            "id-card", _("Invite your team"), _("With a sign-in each, the books say who scanned"), _("Invite"),
            reverse("dashboard-team", args=[slug]),
        )  # fmt: skip
    if not request.merchant.logo_digest:
        yield Step(
            "image", _("Add your logo"), _("Members see it on their card"), _("Add it"),
            reverse("dashboard-branding", args=[slug]),
        )  # fmt: skip
    untold = next((location for location in locations if not location.hours), None)
    if untold is not None:
        yield Step(
            "clock", _("%(location)s has no opening hours yet") % {"location": untold.name},
            _("Members find them on their card"), _("Tell them"), reverse("dashboard-locations", args=[slug]),
        )  # fmt: skip


def _filtered(request: StaffRequest, **filters: str) -> str:
    return f"{reverse('dashboard-members', args=[request.merchant.slug])}?{urlencode(filters)}"
