"""Who may open what: each staff route with the permission it declares. A new route belongs here."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from merchants.access import ROLES

OWNER = "owner"
MANAGER = "manager owner"
EVERYONE = "cashier manager owner"
# Doors of one's own: any user who has signed in, no merchant yet; an invitation shows itself to who has its link.
PERSONAL = {"dashboard/", "dashboard/new/", "dashboard/invitations/<str:token>/"}

MAP = {
    "dashboard/<slug:slug>/": MANAGER,
    "dashboard/<slug:slug>/door/": EVERYONE,
    "dashboard/<slug:slug>/live/": MANAGER,
    "dashboard/<slug:slug>/goal/": MANAGER,
    "dashboard/<slug:slug>/goal/removal/": MANAGER,
    "dashboard/<slug:slug>/start/": MANAGER,
    "dashboard/<slug:slug>/start/leave/": MANAGER,
    "dashboard/<slug:slug>/start/programme/": MANAGER,
    "dashboard/<slug:slug>/start/numbers/": MANAGER,
    "dashboard/<slug:slug>/start/tiers/": MANAGER,
    "dashboard/<slug:slug>/start/tiers/ladder/": MANAGER,
    "dashboard/<slug:slug>/start/look/": MANAGER,
    "dashboard/<slug:slug>/start/look/logo/": MANAGER,
    "dashboard/<slug:slug>/start/poster/": MANAGER,
    "dashboard/<slug:slug>/start/scan/": MANAGER,
    "dashboard/<slug:slug>/programme/": MANAGER,
    "dashboard/<slug:slug>/programme/preview/": MANAGER,
    "dashboard/<slug:slug>/programme/trial/": MANAGER,
    "dashboard/<slug:slug>/programme/name/": MANAGER,
    "dashboard/<slug:slug>/programme/stacking/": MANAGER,
    "dashboard/<slug:slug>/programme/rules/": MANAGER,
    "dashboard/<slug:slug>/programme/rules/borrowed/": MANAGER,
    "dashboard/<slug:slug>/programme/rules/<uuid:rule_id>/switch/": MANAGER,
    "dashboard/<slug:slug>/programme/rules/<uuid:rule_id>/removal/": MANAGER,
    "dashboard/<slug:slug>/programme/rules/<uuid:rule_id>/extras/<slug:extra>/": MANAGER,
    "dashboard/<slug:slug>/programme/rules/<uuid:rule_id>/blanks/<slug:field>/": MANAGER,
    "dashboard/<slug:slug>/programme/units/": MANAGER,
    "dashboard/<slug:slug>/programme/units/new/": MANAGER,
    "dashboard/<slug:slug>/programme/units/<uuid:unit_id>/place/": MANAGER,
    "dashboard/<slug:slug>/programme/units/<uuid:unit_id>/removal/": MANAGER,
    "dashboard/<slug:slug>/programme/units/least/": MANAGER,
    "dashboard/<slug:slug>/programme/units/preview/": MANAGER,
    "dashboard/<slug:slug>/programme/units/<uuid:unit_id>/blanks/<slug:field>/": MANAGER,
    "dashboard/<slug:slug>/programme/expiry/returns/": MANAGER,
    "dashboard/<slug:slug>/programme/expiry/": MANAGER,
    "dashboard/<slug:slug>/programme/expiry/limits/": MANAGER,
    "dashboard/<slug:slug>/programme/undo/": MANAGER,
    "dashboard/<slug:slug>/programme/discard/": MANAGER,
    "dashboard/<slug:slug>/programme/publish/": MANAGER,
    "dashboard/<slug:slug>/programme/rehearsal/": MANAGER,
    "dashboard/<slug:slug>/programme/rehearsal/members/": MANAGER,
    "dashboard/<slug:slug>/programme/rehearsal/members/export/": MANAGER,
    "dashboard/<slug:slug>/programme/withdrawal/": MANAGER,
    "dashboard/<slug:slug>/programme/ladder/": MANAGER,
    "dashboard/<slug:slug>/programme/ladder/terms/": MANAGER,
    "dashboard/<slug:slug>/programme/tiers/": MANAGER,
    "dashboard/<slug:slug>/programme/tiers/<uuid:tier_id>/": MANAGER,
    "dashboard/<slug:slug>/programme/tiers/<uuid:tier_id>/place/": MANAGER,
    "dashboard/<slug:slug>/programme/tiers/<uuid:tier_id>/perks/": MANAGER,
    "dashboard/<slug:slug>/programme/tiers/<uuid:tier_id>/removal/": MANAGER,
    "dashboard/<slug:slug>/programme/versions/": MANAGER,
    "dashboard/<slug:slug>/programme/versions/comparison/": MANAGER,
    "dashboard/<slug:slug>/programme/versions/<int:number>/programme.yaml": MANAGER,
    "dashboard/<slug:slug>/programme/import/": MANAGER,
    "dashboard/<slug:slug>/codes/": MANAGER,
    "dashboard/<slug:slug>/codes/new/": MANAGER,
    "dashboard/<slug:slug>/codes/<uuid:batch_id>/": MANAGER,
    "dashboard/<slug:slug>/codes/<uuid:batch_id>/file/": MANAGER,
    "dashboard/<slug:slug>/codes/<uuid:batch_id>/labels/": MANAGER,
    "dashboard/<slug:slug>/codes/<uuid:batch_id>/labels/<uuid:labels_id>/file/": MANAGER,
    "dashboard/<slug:slug>/codes/<uuid:batch_id>/labels/<uuid:labels_id>/removal/": MANAGER,
    "dashboard/<slug:slug>/codes/<uuid:batch_id>/stop/": MANAGER,
    "dashboard/<slug:slug>/codes/<uuid:batch_id>/sentence/": MANAGER,
    "dashboard/<slug:slug>/rewards/": MANAGER,
    "dashboard/<slug:slug>/rewards/new/": MANAGER,
    "dashboard/<slug:slug>/rewards/report/": MANAGER,
    "dashboard/<slug:slug>/rewards/report/export/": MANAGER,
    "dashboard/<slug:slug>/rewards/<uuid:reward_id>/": MANAGER,
    "dashboard/<slug:slug>/rewards/<uuid:reward_id>/place/": MANAGER,
    "dashboard/<slug:slug>/rewards/<uuid:reward_id>/status/<slug:to>/": MANAGER,
    "dashboard/<slug:slug>/rewards/<uuid:reward_id>/undo/": MANAGER,
    "dashboard/<slug:slug>/rewards/<uuid:reward_id>/picture/": MANAGER,
    "dashboard/<slug:slug>/rewards/<uuid:reward_id>/picture/removal/": MANAGER,
    "dashboard/<slug:slug>/rewards/<uuid:reward_id>/preview/": MANAGER,
    "dashboard/<slug:slug>/rewards/<uuid:reward_id>/blanks/<slug:field>/": MANAGER,
    "dashboard/<slug:slug>/rewards/<uuid:reward_id>/extras/<slug:extra>/": MANAGER,
    "dashboard/<slug:slug>/members/": MANAGER,
    "dashboard/<slug:slug>/members/export/": MANAGER,
    "dashboard/<slug:slug>/members/attendance/": MANAGER,
    "dashboard/<slug:slug>/members/<uuid:member_id>/": MANAGER,
    "dashboard/<slug:slug>/members/<uuid:member_id>/profile/": MANAGER,
    "dashboard/<slug:slug>/members/<uuid:member_id>/card/<str:size>.pdf": MANAGER,
    "dashboard/<slug:slug>/members/<uuid:member_id>/erasure/": OWNER,
    "dashboard/<slug:slug>/members/<uuid:member_id>/letter/": MANAGER,
    "dashboard/<slug:slug>/members/<uuid:member_id>/merge/": MANAGER,
    "dashboard/<slug:slug>/members/<uuid:member_id>/merge/<uuid:other_id>/": MANAGER,
    "dashboard/<slug:slug>/members/<uuid:member_id>/merges/<uuid:merge_id>/undo/": MANAGER,
    "dashboard/<slug:slug>/members/<uuid:member_id>/replacement/": MANAGER,
    "dashboard/<slug:slug>/members/<uuid:member_id>/adjustment/": MANAGER,
    "dashboard/<slug:slug>/members/<uuid:member_id>/adjustments/<uuid:entry_id>/undo/": MANAGER,
    "dashboard/<slug:slug>/members/<uuid:member_id>/tags/": MANAGER,
    "dashboard/<slug:slug>/members/<uuid:member_id>/voucher/": MANAGER,
    "dashboard/<slug:slug>/members/<uuid:member_id>/vouchers/<uuid:redemption_id>/undo/": MANAGER,
    "dashboard/<slug:slug>/members/<uuid:member_id>/vouchers/<uuid:voucher_id>.pdf": MANAGER,
    "dashboard/<slug:slug>/members/<uuid:member_id>/happening/": MANAGER,
    "dashboard/<slug:slug>/members/<uuid:member_id>/happenings/<uuid:happening_id>/undo/": MANAGER,
    "dashboard/<slug:slug>/members/<uuid:member_id>/confirmations/<uuid:cause_id>/": MANAGER,
    "dashboard/<slug:slug>/purchases/<uuid:purchase_id>/refund/": MANAGER,
    "dashboard/<slug:slug>/purchases/<uuid:purchase_id>/void/": MANAGER,
    "dashboard/<slug:slug>/studio/": MANAGER,
    "dashboard/<slug:slug>/studio/figures.csv": MANAGER,
    "dashboard/<slug:slug>/studio/designer/": MANAGER,
    "dashboard/<slug:slug>/studio/designer/turn/": MANAGER,
    "dashboard/<slug:slug>/studio/designer/fixes/": MANAGER,
    "dashboard/<slug:slug>/studio/designer/file/": MANAGER,
    "dashboard/<slug:slug>/studio/designs/": MANAGER,
    "dashboard/<slug:slug>/studio/designer/save/": MANAGER,
    "dashboard/<slug:slug>/studio/designs/default/removal/": MANAGER,
    "dashboard/<slug:slug>/studio/designs/<uuid:design_id>/": MANAGER,
    "dashboard/<slug:slug>/studio/designs/<uuid:design_id>/removal/": MANAGER,
    "dashboard/<slug:slug>/studio/designs/<uuid:design_id>/return/": MANAGER,
    "dashboard/<slug:slug>/studio/designs/versions/<uuid:version_id>/proof/": MANAGER,
    "dashboard/<slug:slug>/studio/designs/versions/<uuid:version_id>/default/": MANAGER,
    "dashboard/<slug:slug>/studio/designs/versions/<uuid:version_id>/restoration/": MANAGER,
    "dashboard/<slug:slug>/studio/new/": MANAGER,
    "dashboard/<slug:slug>/studio/<uuid:link_id>/": MANAGER,
    "dashboard/<slug:slug>/studio/<uuid:link_id>/code.png": MANAGER,
    "dashboard/<slug:slug>/studio/<uuid:link_id>/code.svg": MANAGER,
    "dashboard/<slug:slug>/studio/<uuid:link_id>/print/": MANAGER,
    "dashboard/<slug:slug>/studio/<uuid:link_id>/print/sheet": MANAGER,
    "dashboard/<slug:slug>/studio/<uuid:link_id>/stop/": MANAGER,
    "dashboard/<slug:slug>/studio/<uuid:link_id>/resumption/": MANAGER,
    "dashboard/<slug:slug>/poster/": MANAGER,
    "dashboard/<slug:slug>/locations/": MANAGER,
    "dashboard/<slug:slug>/locations/<uuid:location_id>/": MANAGER,
    "dashboard/<slug:slug>/locations/<uuid:location_id>/closure/": MANAGER,
    "dashboard/<slug:slug>/locations/<uuid:location_id>/reopening/": MANAGER,
    "dashboard/<slug:slug>/settings/": MANAGER,
    "dashboard/<slug:slug>/settings/branding/": MANAGER,
    "dashboard/<slug:slug>/settings/branding/<str:digits>.css": MANAGER,
    "dashboard/<slug:slug>/settings/branding/logo/": MANAGER,
    "dashboard/<slug:slug>/settings/branding/logo/removal/": MANAGER,
    "dashboard/<slug:slug>/team/": OWNER,
    "dashboard/<slug:slug>/team/<uuid:staff_id>/role/": OWNER,
    "dashboard/<slug:slug>/team/<uuid:staff_id>/removal/": OWNER,
    "dashboard/<slug:slug>/team/<uuid:staff_id>/return/": OWNER,
    "dashboard/<slug:slug>/team/invitations/<uuid:invitation_id>/letter/": OWNER,
    "dashboard/<slug:slug>/team/invitations/<uuid:invitation_id>/revocation/": OWNER,
    "dashboard/<slug:slug>/keys/": OWNER,
    "dashboard/<slug:slug>/keys/<uuid:key_id>/revocation/": OWNER,
}


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route below a resolver, with its whole address."""
    for pattern in resolver.url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, address)
        else:
            yield address, pattern


def staff_map() -> dict[str, str]:
    """Address → roles, of every route of the desk and the till."""
    found = {}
    for address, pattern in routes(get_resolver()):
        if address.startswith(("dashboard/", "scan/")) and address not in PERSONAL:
            permission = getattr(pattern.callback, "permission", None)
            found[address] = " ".join(sorted(ROLES[permission])) if permission else "NOBODY ASKED"
    return found


def test_each_route_of_the_desk_declares_who_may(capsys):
    found = staff_map()
    with capsys.disabled():
        print("\n" + "\n".join(f"{address:75} {roles}" for address, roles in found.items()))
    assert {address: roles for address, roles in found.items() if address.startswith("dashboard/")} == MAP


# What makes the till an app on a phone: the same for everyone, it knows nobody.
OPEN = {
    "scan/<slug:slug>/offline",
    "scan/<slug:slug>/worker.js",
    "scan/<slug:slug>/manifest.webmanifest",
}


def test_each_route_of_the_till_is_open_to_cashiers_and_asks():
    till = {address: roles for address, roles in staff_map().items() if address.startswith("scan/")}
    assert {address for address, roles in till.items() if roles == "NOBODY ASKED"} == OPEN
    till = {address: roles for address, roles in till.items() if address not in OPEN}
    assert till == dict.fromkeys(till, EVERYONE)
