"""Every field that is read from outside: of the API's document, of forms, of queries. Found in the code, not listed by hand.

What names something of a merchant's has a case in `cases.py`; what stands in PLAIN names no object: a word, a figure, a
moment, a choice from a list of our own.
"""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django import forms
from django.test import Client

import web
from tests.servers import ROOT

PLAIN = """
AimForm: by kind target
AdjustmentForm: amount reason way
AttendanceForm: act
CodesForm: first_on last_on name per_member size source word
ColourForm: brand_colour
DesignForm: angle dpi error eyes frame_below frame_kind frame_words ink ink_free logo_clear logo_shape logo_share modules paper paper_free
DesignForm: pixels quiet second second_free style width_mm
HappeningForm: act
InvitationForm: locale role
JoinForm: birthday name news_email points_email
KeyForm: name scopes
LadderForm: downgrade grace_days warn_days window
LimitsForm: cool_down_minutes purchases_a_day static_a_day
LinkForm: campaign label partner
LinkNameForm: label
PrintForm: dpi format headline language mirrored promise width
LocationForm: address name
LogoForm: logo whole x y zoom
MerchantForm: brand_colour currency location_name name time_zone trade your_name
NameForm: name
NumbersForm: basket gift margin price quarter visits
PinForm: again pin
PlaceForm: address map_url name
ProgrammeFileForm: file
ProfileForm: birthday locale name news_email points_email
PublishForm: at note over revision
ShopForm: locale name tagline time_zone trade
SaveForm: name
TagsForm: tags
TierForm: name
VoucherForm: days
adjustment_make: amount reason unit
card/coming_back: to
card/home: after before seen side
card/pin: forget
card/stopping: again
code_batch_codes: limit
code_batch_make: first_day last_day name per_member size source word
code_batches_list: limit
dashboard/adjusting: unit
dashboard/branding: brand_colour
dashboard/code_labels: grid part
dashboard/codes: before part
dashboard/doors: choose
dashboard/perk_forms: <f'kind_{number}'> <f'percent_{number}'> <f'{end}_day'> <f'{end}_month'> <f'{language}_{number}'>
dashboard/programme: blank
dashboard/rehearsed: <f'each-{code}'>
dashboard/rehearsed_members: list page
dashboard/rewards/listing: direction kind place status stay suggestion
dashboard/rewards/one: blank out seen
dashboard/rewards/report: days
dashboard/rewards/listing: direction kind place status stay suggestion
dashboard/rewards/one: blank out seen
dashboard/rewards/report: days
dashboard/rules: active out ready stacking what
dashboard/home: days seen
dashboard/ladder_terms: climbing
dashboard/locations: <f'day_{index}'> <name> copy day_0
dashboard/member_list: activity page sort tag
dashboard/publishing: number revision
dashboard/rungs: multiplier name threshold
dashboard/story: before show
dashboard/studio/designer: key name view
dashboard/studio/designer_files: format
dashboard/studio/designer_turned: preset take
dashboard/studio/listing: by days page
dashboard/studio/making: kind
dashboard/studio/one: print
dashboard/studio/printing: kind
dashboard/tabs: tab
dashboard/team: role
dashboard/trying: <name> amount clock day
dashboard/typed: blank
dashboard/tiers: direction
dashboard/wizard/look: brand_colour
dashboard/wizard/opening: promised
dashboard/wizard/programme: template trade
dashboard/wizard/steps: finished revision
dashboard/wizard/numbers: <name> basket
dashboard/wizard/tiers: without
dashboard/undoing: amount_minor reason
dashboard/line_pages: blank
dashboard/units: direction kind
dashboard/versions: before new old
event_record: name occurred_at type
member_change: birthday locale name tags
link_change: label stopped
link_make: campaign kind label partner
links_list: limit
members_enrol: birthday consents.news_email consents.points_email locale name
members_list: limit
purchase_refund: amount currency reason
purchases_list: limit since
proof_code_ask: dry_run
redemption_take: dry_run proof
redemption_void: note reason
purchases_record: amount currency discount dry_run items.amount items.category items.quantity items.sku occurred_at
purchases_record: paid_with_units pay.amount pay.money pay.most pay.unit payment proof reference tax tip
shells: language
scanner/handing: then
scanner/in_hand: proof
scanner/proving: <name>
scanner/proving: pays proof
scanner/paying: pay pay_money pay_unit
scanner/purchasing: amount pay_proof
scanner/taken: card
statement_read: limit
"""
SENT = ("POST", "GET", "FILES")
READS = {"get", "getlist", "pop"}


def all_fields() -> set[str]:
    """Each as "place: name"."""
    return {*api_fields(), *form_fields(), *read_fields()}


def api_fields() -> Iterator[str]:
    """Of the OpenAPI document: bodies, whatever is nested in them, and queries; as "operation: items.amount"."""
    document = Client().get("/api/v1/openapi.json").json()
    for item in document["paths"].values():
        for operation in item.values():
            name = operation["operationId"]
            for parameter in operation.get("parameters", []):
                if parameter["in"] != "path":  # places of addresses are walked
                    yield f"{name}: {parameter['name']}"
            for content in operation.get("requestBody", {}).get("content", {}).values():
                yield from (f"{name}: {path}" for path in _properties(content["schema"], document))


def _properties(schema: dict[str, Any], document: dict[str, Any], before: str = "") -> Iterator[str]:
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for part in [*schema.get("allOf", []), *schema.get("oneOf", [])]:
        yield from _properties(part, document, before)
    if "items" in schema:
        yield from _properties(schema["items"], document, before)
    for name, inner in schema.get("properties", {}).items():
        nested = list(_properties(inner, document, f"{before}{name}."))
        yield from nested or [before + name]


def form_fields() -> Iterator[str]:
    """Of every form of the pages, as "JoinForm: at"."""
    for module in pkgutil.walk_packages(web.__path__, "web."):
        if module.name.startswith("web.dev"):
            continue
        for thing in vars(importlib.import_module(module.name)).values():
            if (
                isinstance(thing, type)
                and issubclass(thing, forms.BaseForm)
                and thing.__module__.startswith("web.")
            ):
                yield from (f"{thing.__name__}: {name}" for name in thing.base_fields)  # type: ignore[attr-defined]


def read_fields() -> Iterator[str]:
    """What pages read from a request by themselves, as "scanner/home: location"; what is no constant, as it is written."""
    for file in sorted((ROOT / "web").rglob("*.py")):
        place = file.relative_to(ROOT / "web").with_suffix("").as_posix()
        if not place.startswith("dev/"):
            yield from (f"{place}: {name}" for name in _reads(file))


def _reads(file: Path) -> Iterator[str]:
    tree = ast.parse(file.read_text())
    sent = {
        argument.arg
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for argument in [*node.args.args, *node.args.kwonlyargs]
        if argument.annotation is not None and "QueryDict" in ast.unparse(argument.annotation)
    }

    def is_sent(node: ast.expr) -> bool:
        return (isinstance(node, ast.Attribute) and node.attr in SENT) or (
            isinstance(node, ast.Name) and node.id in sent
        )

    for node in ast.walk(tree):
        key: ast.expr | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            key = node.args[0] if node.func.attr in READS and is_sent(node.func.value) and node.args else None
        elif isinstance(node, ast.Subscript) and (is_sent(node.value) or _is_new_field(node)):
            key = node.slice
        elif isinstance(node, ast.Compare) and is_sent(node.comparators[0]):
            key = node.left
        if key is not None:
            yield str(key.value) if isinstance(key, ast.Constant) else f"<{ast.unparse(key)}>"


def _is_new_field(node: ast.Subscript) -> bool:
    """`self.fields[…] = …`: a field that a form gets while it is made."""
    is_fields = isinstance(node.value, ast.Attribute) and node.value.attr == "fields"
    return is_fields and isinstance(node.ctx, ast.Store)
