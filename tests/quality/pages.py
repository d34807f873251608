"""Every page there is, who opens it and how: the one list that the suites of quality walk.

A route that is no page stands in NO_PAGES with its reason; `test_routes.py` finds what stands in neither.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal
from uuid import UUID

import orjson
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.test import Client
from django.urls import reverse

from core import tenancy
from core.ids import read_id
from loyalty.programme.versions import version_in_force
from members.links import Claim, Purpose, card_link, sign, stop_link
from members.models import Consent
from merchants.models import StaffMember
from tests.quality.codes import some_codes
from tests.quality.designs import some_designs
from tests.quality.drafts import begin_draft
from tests.quality.links import some_links
from tests.quality.people import a_pending_confirmation, an_invitation, second_cards
from tests.quality.rewards import some_rewards
from tests.world import World, buy, signed_in
from web.card.session import COOKIE

Who = Literal["visitor", "olivia", "sam", "mia"]
Kind = Literal["front", "account", "desk", "settings", "card", "till", "dev"]


@dataclass(frozen=True)
class Stage:
    """The cast, and what only some pages need."""

    world: World
    invitation: str
    confirmation: str
    purchase_id: UUID  # Noah's
    double_id: UUID  # Mia's other card
    merge_id: UUID  # of a third one into Noah's other card
    merged_into: UUID
    batch_id: UUID  # codes of a partner's
    word_id: UUID
    reward_id: UUID
    taken_id: UUID  # by Mia, and not handed over yet
    link_id: UUID  # printed, and scanned by many
    stopped_link: str  # the path of another one
    design_id: UUID  # saved twice, and the default

    def at(self, name: str, **more: object) -> str:
        """An address at Aroma."""
        return reverse(name, kwargs={"slug": "aroma", **more})


@dataclass(frozen=True)
class Page:
    """One page in one state. `route` is the name of its address."""

    route: str
    kind: Kind
    who: Who
    path: Callable[[Stage], str]
    state: str = ""
    status: int = 200

    def __str__(self) -> str:
        return f"{self.route}{':' + self.state if self.state else ''}"


def plain(route: str, kind: Kind, who: Who = "visitor", state: str = "") -> Page:
    """A page whose address needs nothing."""
    return Page(route, kind, who, lambda stage: reverse(route), state)


def shop(route: str, kind: Kind, who: Who, *, query: str = "", state: str = "") -> Page:
    """A page of Aroma's."""
    return Page(route, kind, who, lambda stage: stage.at(route) + query, state)


def link_of(stage: Stage, purpose: str) -> str:
    """A fresh link from a letter to Mia, as a path."""
    world = stage.world
    with tenancy.scope(world.aroma.id):
        if purpose == "card":
            url = card_link(world.mia, world.aroma)
        else:
            url = stop_link(world.mia, world.aroma, Consent.Purpose.POINTS_EMAIL)
    return url.removeprefix(settings.BASE_URL)


def highest_tier(stage: Stage) -> UUID:
    """Aroma's Gold."""
    with tenancy.scope(stage.world.aroma.id):
        return UUID(version_in_force().tiers[-1].id)


def reset_path(stage: Stage) -> str:
    """The link of a letter that resets a password."""
    key = f"{user_pk_to_url_str(stage.world.olivia)}-{default_token_generator.make_token(stage.world.olivia)}"
    return f"/accounts/password/reset/key/{key}/"


def error_path(stage: Stage, name: str) -> str:
    """Where development shows an error page."""
    return reverse("dev-error", args=[name])


PAGES = [
    plain("front", "front"),
    plain("front", "front", "olivia", state="signed in"),
    Page("front", "front", "visitor", lambda stage: "/nothing/here", state="404", status=404),
    plain("account_login", "account"),
    plain("account_signup", "account"),
    plain("account_reset_password", "account"),
    plain("account_reset_password_done", "account"),
    Page("account_reset_password_from_key", "account", "visitor", reset_path),
    plain("account_reset_password_from_key_done", "account"),
    plain("account_inactive", "account"),
    plain("account_email_verification_sent", "account"),
    Page("account_confirm_email", "account", "visitor", lambda it: f"/accounts/confirm-email/{it.confirmation}/"),
    plain("account_email", "account", "olivia"),
    plain("account_change_password", "account", "olivia"),
    plain("account_logout", "account", "olivia"),
    plain("account_reauthenticate", "account", "olivia"),
    plain("dashboard-new", "account", "olivia"),
    Page("dashboard", "account", "olivia", lambda stage: reverse("dashboard") + "?choose=1"),
    Page(
        "dashboard-invitation", "account", "visitor",
        lambda stage: reverse("dashboard-invitation", args=[stage.invitation]),
    ),
    Page(
        "dashboard-invitation", "account", "olivia",
        lambda stage: reverse("dashboard-invitation", args=["x"]), state="gone", status=410,
    ),
    shop("dashboard-home", "desk", "olivia"),
    *(shop(f"dashboard-{name}", "desk", "olivia")
      for name in ("aim", "start-numbers", "start-tiers", "start-look", "start-poster", "start-scan", "units", "expiry")),
    shop("dashboard-start-programme", "desk", "olivia", query="?template=beauty-tiers", state="opened"),
    shop("dashboard-programme", "desk", "olivia"),
    shop("dashboard-publish", "desk", "olivia"),
    shop("dashboard-versions", "desk", "olivia"),
    shop("dashboard-comparison", "desk", "olivia"),
    Page("dashboard-tier-perks", "desk", "olivia", lambda it: it.at("dashboard-tier-perks", tier_id=highest_tier(it))),
    shop("dashboard-programme-import", "desk", "olivia"),
    shop("dashboard-rehearsal", "desk", "olivia"),
    shop("dashboard-rehearsal", "desk", "olivia", query="?each-points=1.10", state="in money"),
    shop("dashboard-rehearsed", "desk", "olivia"),
    shop("dashboard-codes", "desk", "olivia"),
    shop("dashboard-codes-new", "desk", "olivia"),
    Page("dashboard-code-batch", "desk", "olivia", lambda it: it.at("dashboard-code-batch", batch_id=it.batch_id)),
    Page("dashboard-code-batch", "desk", "olivia", lambda it: it.at("dashboard-code-batch", batch_id=it.word_id), "word"),
    Page("dashboard-code-labels", "desk", "olivia", lambda it: it.at("dashboard-code-labels", batch_id=it.batch_id)),
    *(shop(f"dashboard-rewards{more}", "desk", "olivia") for more in ("", "-new")),
    shop("dashboard-rewards", "desk", "olivia", query="?status=archived", state="none there"),
    shop("dashboard-rewards-report", "desk", "olivia", query="?days=365"),
    Page("dashboard-reward", "desk", "olivia", lambda it: it.at("dashboard-reward", reward_id=it.reward_id) + "?blank=weekday"),
    shop("dashboard-members", "desk", "olivia"),
    shop("dashboard-members", "desk", "olivia", query="?q=nobody", state="none found"),
    Page("dashboard-member", "desk", "olivia", lambda it: it.at("dashboard-member", member_id=it.world.mia.id)),
    Page("dashboard-member", "desk", "olivia", lambda it: it.at("dashboard-member", member_id=it.world.noah.id),
         state="new"),
    Page("dashboard-profile", "desk", "olivia", lambda it: it.at("dashboard-profile", member_id=it.world.mia.id)),
    Page("dashboard-member-erasure", "desk", "olivia",
         lambda it: it.at("dashboard-member-erasure", member_id=it.world.mia.id)),
    Page("dashboard-merge-search", "desk", "olivia",
         lambda it: it.at("dashboard-merge-search", member_id=it.world.noah.id)),
    Page("dashboard-merge", "desk", "olivia",
         lambda it: it.at("dashboard-merge", member_id=it.world.mia.id, other_id=it.double_id)),
    Page("dashboard-merge", "desk", "olivia", state="refused", status=409,
         path=lambda it: it.at("dashboard-merge", member_id=it.world.mia.id, other_id=it.world.mia.id)),
    Page("dashboard-parting", "desk", "olivia",
         lambda it: it.at("dashboard-parting", member_id=it.merged_into, merge_id=it.merge_id)),
    Page("dashboard-adjustment", "desk", "olivia",
         lambda it: it.at("dashboard-adjustment", member_id=it.world.mia.id)),
    shop("dashboard-attendance", "desk", "olivia"),
    Page("dashboard-tags", "desk", "olivia", lambda it: it.at("dashboard-tags", member_id=it.world.mia.id)),
    Page("dashboard-voucher", "desk", "olivia", lambda it: it.at("dashboard-voucher", member_id=it.world.mia.id)),
    Page("dashboard-happening", "desk", "olivia",
         lambda it: it.at("dashboard-happening", member_id=it.world.mia.id)),
    Page("dashboard-refund", "desk", "olivia", lambda it: it.at("dashboard-refund", purchase_id=it.purchase_id)),
    Page("dashboard-void", "desk", "olivia", lambda it: it.at("dashboard-void", purchase_id=it.purchase_id)),
    shop("dashboard-poster", "settings", "olivia"),
    shop("dashboard-studio", "desk", "olivia"),
    shop("dashboard-designer", "desk", "olivia"),
    shop("dashboard-designs", "desk", "olivia"),
    Page("dashboard-design", "desk", "olivia", lambda it: it.at("dashboard-design", design_id=it.design_id)),
    shop("dashboard-link-new", "desk", "olivia"),
    shop("dashboard-link-new", "desk", "olivia", query="?kind=reward", state="reward"),
    Page("dashboard-link-print", "desk", "olivia", lambda it: it.at("dashboard-link-print", link_id=it.link_id)),
    Page("dashboard-link", "desk", "olivia", lambda it: it.at("dashboard-link", link_id=it.link_id)),
    shop("dashboard-locations", "settings", "olivia"),
    Page("dashboard-location", "settings", "olivia",
         lambda it: it.at("dashboard-location", location_id=it.world.croix_rousse.id)),
    shop("dashboard-settings", "settings", "olivia"),
    shop("dashboard-branding", "settings", "olivia"),
    shop("dashboard-team", "settings", "olivia"),
    shop("dashboard-keys", "settings", "olivia"),
    Page("dashboard-home", "settings", "sam", lambda it: it.at("dashboard-home"), state="403", status=403),
    shop("scanner", "till", "sam"),
    shop("scanner-shell", "till", "sam"),
    shop("card", "card", "mia"),
    shop("card-codes", "card", "mia", query="?code=K7QX-3MPD-9WEA"),
    shop("card-rewards", "card", "mia"),
    Page("card-reward", "card", "mia", lambda it: it.at("card-reward", reward_id=it.reward_id)),
    Page("card-taken", "card", "mia", lambda it: it.at("card-taken", redemption_id=it.taken_id)),
    shop("card-history", "card", "mia"),
    shop("card-programme", "card", "mia"),
    shop("card-me", "card", "mia"),
    shop("card-erase", "card", "mia"),
    shop("card-proof", "card", "mia"),
    shop("card-pin", "card", "mia"),
    shop("card-shell", "card", "visitor"),
    shop("card-erased", "card", "visitor"),
    shop("card-join", "card", "visitor"),
    shop("card-return", "card", "visitor"),
    Page("card-link", "card", "visitor", lambda stage: link_of(stage, "card")),
    Page("card-link", "card", "visitor", lambda it: it.at("card-link", token="x"), state="too old", status=410),
    Page("card-stop", "card", "visitor", lambda stage: link_of(stage, "stop")),
    Page("card-scanned", "card", "visitor", lambda stage: "/q/x", state="unreadable", status=404),
    Page("link-followed", "card", "visitor", lambda stage: "/q/x/x", state="unreadable", status=404),
    Page("link-followed", "card", "visitor", lambda stage: stage.stopped_link, state="stopped", status=410),
    plain("dev-mail", "dev"),
    plain("styleguide", "dev"),
    *(
        Page("dev-error", "dev", "visitor", partial(error_path, name=name), state=name, status=status)
        for name, status in {"400": 400, "403": 403, "429": 429, "500": 500, "maintenance": 503}.items()
    ),
]  # fmt: skip

NO_PAGES = {
    "takes a form, and shows a page of the list when that is refused": """
        set_language dashboard-unit-new dashboard-unit-place dashboard-unit-removal dashboard-name dashboard-stacking dashboard-rules dashboard-borrowed dashboard-rule-switch dashboard-rule-removal dashboard-rule-extra dashboard-limits dashboard-ladder dashboard-ladder-terms dashboard-tiers dashboard-tier dashboard-tier-place
        dashboard-tier-removal dashboard-draft-undo dashboard-draft-discard dashboard-withdrawal dashboard-adjustment-undo dashboard-happening-undo scanner-happenings scanner-happening-undo dashboard-confirmation dashboard-letter dashboard-card-replacement dashboard-key-revocation
        dashboard-reward-place dashboard-reward-status dashboard-reward-extra dashboard-reward-undo dashboard-voucher-undo dashboard-reward-picture dashboard-reward-picture-removal scanner-captures scanner-proofs scanner-redemptions scanner-redemption-undo
        dashboard-aim-removal dashboard-start-leave dashboard-start-ladder dashboard-start-logo dashboard-code-batch-stop dashboard-code-labels-removal dashboard-link-stop dashboard-link-resume dashboard-designer-turn dashboard-design-save dashboard-design-default dashboard-design-default-removal dashboard-design-restoration
        dashboard-design-removal dashboard-design-return dashboard-code-batch-sentence dashboard-location-closure dashboard-location-reopening dashboard-logo dashboard-logo-removal dashboard-staff-role
        dashboard-staff-removal dashboard-staff-return dashboard-invitation-letter dashboard-invitation-revocation scanner-location scanner-lookup scanner-codes scanner-purchases scanner-members scanner-cancellation card-sign-out card-return-code card-erase-proof card-me-letter card-reward-take card-taken-release card-pin-proof
    """,
    "is a part of a page": "dashboard-designer-fixes dashboard-design-proof dashboard-live dashboard-unit-blank dashboard-least dashboard-returns dashboard-line-preview dashboard-reward-blank dashboard-reward-preview dashboard-blank dashboard-preview dashboard-trial scanner-preview scanner-rewards card-code card-live",
    "is no page of ours: a file, a style sheet, a figure for programs": """
        healthz readyz robots favicon dashboard-link-sheet dashboard-designer-file dashboard-link-png dashboard-link-svg dashboard-studio-export dashboard-members-export dashboard-rewards-report-export dashboard-rehearsed-export dashboard-code-batch-file dashboard-code-labels-file
        dashboard-member-card dashboard-palette dashboard-programme-export scanner-worker scanner-manifest card-theme card-logo card-reward-picture card-key card-worker
        card-manifest card-icon card-data card-print card-voucher-print dashboard-voucher-print styleguide-colours
    """,
    "leads elsewhere": "dashboard-door dashboard-start account_set_password account_confirm_login_code dev-card",
    "is a letter: test_letters.py looks at each": "dev-letter dev-letter-html",
}


def set_the_stage(world: World) -> Stage:
    """Make what is missing: a figure above a thousand, an invitation, an address that waits to be proven."""
    bought = orjson.loads(buy(world.aroma, world.noah, 123_450))
    with tenancy.scope(world.aroma.id):
        invitation = an_invitation(StaffMember.objects.get(user=world.olivia))
        doubles = second_cards(world)
        codes = some_codes(world)
        rewards = some_rewards(world)
        links = some_links(world)
        begin_draft(world)
    made = (*doubles, *codes, *rewards, *links, some_designs(world))
    return Stage(world, invitation, a_pending_confirmation(), read_id("pur", bought["id"]), *made)


def cookies_of(who: Who, world: World) -> dict[str, str]:
    """What the browser of this person holds."""
    if who == "mia":
        return {COOKIE: sign(Claim(world.aroma.id, world.mia.id, world.mia_card.generation), Purpose.SESSION)}
    if who == "visitor":
        return {}
    client = signed_in(world.olivia if who == "olivia" else world.sam)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def client_of(who: Who, world: World, **options: Any) -> Client:
    """The same person without a browser."""
    client = Client(**options)
    for name, value in cookies_of(who, world).items():
        client.cookies[name] = value
    return client
