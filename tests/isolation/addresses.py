"""Every address there is, what kind of door it is, and what stands in its places. What is listed nowhere is refused.

Doors of the desk and the till are known by the permission that they declare (`tests/web/test_access_map.py` holds each to
its line); every other address has its line here.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from django.urls import get_resolver

from core.ids import public_id
from merchants.access import ROLES, Permission, Scope
from tests.isolation.stage import Shop
from tests.web.test_access_map import OPEN, routes

# Of a member's card: whose browser holds no card of this merchant is sent to its door.
CARD = """card card-code card-codes card-live card-history card-programme card-me card-me-letter card-proof card-data card-print card-erase
    card-erase-proof card-key card-rewards card-reward card-reward-take
    card-taken card-taken-release card-voucher-print card-pin card-pin-proof"""
# The same for everyone, and of a merchant only what its poster says.
PUBLIC = """card-scanned card-erased card-sign-out card-join card-return card-return-code card-logo card-shell card-worker
    card-manifest card-icon card-theme card-reward-picture link-followed scanner-shell scanner-worker scanner-manifest"""
# What the address itself proves: who has it from a letter may see what the letter says, at the shop that wrote it.
LETTER = "card-stop card-link dashboard-invitation"
# Of the service: nothing in the address names a merchant's.
SERVICE = """healthz readyz robots favicon set_language front dashboard dashboard-new styleguide styleguide-colours dev-error
    dev-mail dev-letter dev-letter-html dev-card account_login account_logout account_signup account_inactive account_email
    account_reauthenticate account_change_password account_set_password account_confirm_email
    account_email_verification_sent account_reset_password account_reset_password_done account_reset_password_from_key
    account_reset_password_from_key_done account_confirm_login_code openapi"""
KINDS = {
    name: kind
    for kind, names in {"card": CARD, "public": PUBLIC, "letter": LETTER, "service": SERVICE}.items()
    for name in names.split()
}
# What each method of an endpoint asks of a key. A method that is not here is not answered.
SCOPES = {
    "api_purchases": {"GET": Scope.READ_PURCHASES, "POST": Scope.WRITE_PURCHASES},
    "api_purchase": {"GET": Scope.READ_PURCHASES},
    "api_cancellation": {"POST": Scope.WRITE_PURCHASES},
    "api_confirmation": {"POST": Scope.WRITE_PURCHASES},
    "api_refunds": {"POST": Scope.WRITE_PURCHASES},
    "api_event_cancellation": {"POST": Scope.WRITE_PURCHASES},
    "api_event_confirmation": {"POST": Scope.WRITE_PURCHASES},
    "api_events": {"POST": Scope.WRITE_PURCHASES},
    "api_adjustments": {"POST": Scope.WRITE_UNITS},
    "api_members": {"GET": Scope.READ_MEMBERS, "POST": Scope.WRITE_MEMBERS},
    "api_member": {"GET": Scope.READ_MEMBERS, "PATCH": Scope.WRITE_MEMBERS},
    "api_statement": {"GET": Scope.READ_MEMBERS},
    "api_code_batches": {"GET": Scope.READ_PROGRAMME, "POST": Scope.WRITE_CODES},
    "api_code_batch": {"GET": Scope.READ_PROGRAMME},
    "api_batch_codes": {"GET": Scope.WRITE_CODES},
    "api_code_stop": {"POST": Scope.WRITE_CODES},
    "api_links": {"GET": Scope.READ_PROGRAMME, "POST": Scope.WRITE_CODES},
    "api_link": {"GET": Scope.READ_PROGRAMME, "PATCH": Scope.WRITE_CODES},
    "api_code_redemptions": {"POST": Scope.WRITE_PURCHASES},
    "api_rewards": {"GET": Scope.READ_REWARDS},
    "api_proof_codes": {"POST": Scope.WRITE_REDEMPTIONS},
    "api_redemptions": {"POST": Scope.WRITE_REDEMPTIONS},
    "api_redemption": {"GET": Scope.WRITE_REDEMPTIONS},
    "api_capture": {"POST": Scope.WRITE_REDEMPTIONS},
    "api_release": {"POST": Scope.WRITE_REDEMPTIONS},
    "api_void": {"POST": Scope.WRITE_REDEMPTIONS},
    "api_vouchers": {"GET": Scope.WRITE_REDEMPTIONS},
    "api_voucher": {"GET": Scope.WRITE_REDEMPTIONS},
    "api_voucher_redemption": {"POST": Scope.WRITE_REDEMPTIONS},
    "api_programme": {"GET": Scope.READ_PROGRAMME},
    "api_locations": {"GET": Scope.READ_PROGRAMME},
    "api_problems": {},
    "api_openapi": {},
}
# Where one scope alone opens nothing: members:read beside it.
NEED_TWO = {"api_vouchers"}
KEYLESS = {"api_problems", "api_openapi"}
# Places that are no merchant's: the same in every address.
PLAIN = {
    "int:size": "192",
    "int:number": "1",
    "str:size": "a6",
    "str:digits": "1f4d3a",
    "slug:field": "amount",
    "slug:extra": "weekday",
    "slug:to": "archived",
    "str:letter_id": "letter-0",
    "str:key": "key",
    "key": "key",
    "uidb36": "x",
}
FIXED = {
    ("dev-error", "str:name"): "404",
    ("dashboard-unit-blank", "slug:field"): "names",
    ("dashboard-reward-blank", "slug:field"): "cost",
}
TOKENS = {"card-link": "link", "card-stop": "stop", "dashboard-invitation": "invitation"}
PREFIXES = {
    "member_id": "mem",
    "purchase_id": "pur",
    "location_id": "loc",
    "redemption_id": "red",
    "batch_id": "cdb",
    "link_id": "lnk",
    "event_id": "evt",
}
PLACE = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>[^/)]*\)")


class NoCase(Exception):
    """An address that these suites do not know what to do with."""


@dataclass(frozen=True)
class Address:
    """One route. `pattern` is its whole address as it is declared."""

    pattern: str
    name: str
    permission: str | None

    @property
    def kind(self) -> str:
        """desk, api, card, public, letter or service. Raises NoCase."""
        if self.permission is not None:
            return "desk"
        if self.name in SCOPES:
            return "api"
        if self.pattern in OPEN:
            return "public"
        if self.name not in KINDS:
            raise NoCase(f"{self.pattern} ({self.name}) has no line in tests/isolation/addresses.py")
        return KINDS[self.name]

    @property
    def roles(self) -> frozenset[str]:
        """Of the desk: who may."""
        assert self.permission is not None
        return frozenset(str(role) for role in ROLES[Permission(self.permission)])

    @cached_property
    def places(self) -> list[str]:
        """What is to be filled in, as "uuid:member_id"."""
        found = PLACE.finditer(self.pattern)
        return [f"{it[1]}:{it[2]}" if it[1] else (it[2] or it[3]) for it in found]

    @property
    def is_slugged(self) -> bool:
        """Whether the address names the merchant."""
        return "slug:slug" in self.places

    @property
    def owned(self) -> list[str]:
        """The places that hold something of one merchant's."""
        return [place for place in self.places if place not in PLAIN and (self.name, place) not in FIXED]

    def at(self, shops: dict[str, Shop]) -> str:
        """The path, each place taken from its shop. Raises NoCase."""
        path = self.pattern
        for place in self.places:
            value = FIXED.get((self.name, place)) or PLAIN.get(place) or self._value(place, shops[place])
            path = PLACE.sub(value.replace("\\", ""), path, count=1)
        return "/" + path.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\", "")

    def _value(self, place: str, shop: Shop) -> str:
        """What stands in this place when it is the shop's. Raises NoCase."""
        kind, _colon, name = place.partition(":")
        if place == "slug:slug":
            return shop.merchant.slug
        if kind == "uuid" and name in shop.ids:
            return str(shop.ids[name])
        if kind == "str" and self.name.startswith("api_") and name in PREFIXES:
            return public_id(PREFIXES[name], shop.ids[name])
        if place == "str:token" and self.name in TOKENS:
            return shop.texts[TOKENS[self.name]]
        if place == "str:voucher_code":
            return shop.texts["voucher"]
        named = {
            ("card-logo", "str:name"): "logo",
            ("card-reward-picture", "str:name"): "picture",
            ("card-scanned", "str:code"): "code",
            ("link-followed", "str:shop"): "shop",
            ("link-followed", "str:letters"): "letters",
        }
        if (self.name, place) in named:
            return shop.texts[named[self.name, place]]
        raise NoCase(f"{self.pattern}: nothing of the stage belongs into <{place}>")


def all_addresses() -> list[Address]:
    """Every route of the service, the API's own among them."""
    found = []
    for pattern, route in routes(get_resolver()):
        name = str(route.name) if route.name else pattern.removesuffix(".json")
        permission = getattr(route.callback, "permission", None)
        found.append(Address(pattern, name, str(permission) if permission else None))
    return found
