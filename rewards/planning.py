"""Setting a programme up: a template that became the draft, the shop's own numbers, and the rewards that go with it.

Rewards of a template are offered when its programme comes into force, and not before: by `publish_programme` where that is at
once, else by the event (`follow_publishing`). They belong to the draft in which the template was taken: one that was discarded
takes them along, one that was published for a day waits with them, whatever is drafted meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.languages import reader_language
from core.models import Event
from core.tenancy import current_merchant_id
from loyalty.gallery.templates import Kit, Template
from loyalty.models import Draft, ProgrammeVersion
from loyalty.programme.adopting import adopt_template
from loyalty.programme.advice import Numbers, beginning
from loyalty.programme.drafting import DraftChanged, edited_version, publish_draft
from loyalty.programme.versions import version_in_force
from loyalty.rules.checking import LARGEST_AWARD
from loyalty.rules.types import Version
from merchants.models import Merchant, StaffMember
from rewards.catalogue import CostOutOfRange, live_rewards, offer_reward
from rewards.models import Plan
from rewards.offers import Offer, mark_of, say_in

Place = Literal["offers", "planned"]  # a field of the plan


class PromisesChanged(DraftChanged):
    """The rewards that come with the draft, or what they take, are others than were shown. The draft says nothing of them."""

    message = _(
        "What it brings members was changed meanwhile: another reward, or another price. "
        "Look at it as it is now, then try again."
    )


@dataclass(frozen=True)
class Promise:
    """A reward to come: so many of a unit (its id) buy it. `names`: language → what it is called."""

    names: Mapping[str, str]
    unit: str
    cost: int

    @property
    def name(self) -> str:
        """What it is called, in the reader's language."""
        return say_in(self.names, reader_language())


def plan_of() -> Plan | None:
    """What the current merchant said, if anything."""
    return Plan.objects.first()


def promises_of(plan: Plan | None) -> list[Promise]:
    """The rewards that this draft brings once it is published. A query where there are any, one more where some are planned."""
    place = _place(plan)
    return _promised(plan, place) if plan and place else []


def first_reward(version: Version, promises: list[Promise]) -> Promise | None:
    """The one that anybody's purchases lead to: of several, the template's first."""
    given = {
        rule.unit
        for rule in version.rules
        if rule.trigger in ("purchase", "visit") and all(each.kind != "tier" for each in rule.conditions)
    }
    return next((promise for promise in promises if promise.unit in given), None)


def numbers_of(plan: Plan | None, merchant: Merchant, price: int) -> Numbers:
    """The shop's numbers; where it has said none, those with which one of its trade might begin."""
    if plan is None or not plan.basket_minor:
        return beginning(merchant.trade, merchant.currency, price)
    return Numbers(
        plan.basket_minor, plan.visits, plan.margin_percent, plan.gift_minor, plan.quarter_minor, price
    )


def take_template(
    *, merchant: Merchant, template: Template, kit: Kit, actor: StaffMember | None, revision: int
) -> Plan:
    """Make a programme of the gallery the draft, with its rewards to come. `revision`: of the draft that it is to replace, 0
    for none. Raises DraftMissing, DraftChanged, ProgrammeWrong."""
    taken = adopt_template(merchant=merchant, template=template, kit=kit, actor=actor, revision=revision)
    offers = [{"names": dict(one.names), "unit": one.unit, "cost": one.cost} for one in taken.offers]
    return _keep(template=template.code, offers=offers, revision=taken.revision, closed_at=None)


def keep_numbers(*, numbers: Numbers) -> Plan:
    """Keep what a shop said of itself; `price` is what the first reward to come takes. Raises CostOutOfRange."""
    plan = plan_of()
    promises = promises_of(plan)
    first = first_reward(edited_version(), promises)
    if first is not None:
        if not 1 <= numbers.price <= LARGEST_AWARD:
            raise CostOutOfRange(largest=LARGEST_AWARD, field="price")
        promises[promises.index(first)] = replace(first, cost=numbers.price)
    place = _place(plan)
    return _keep(
        basket_minor=numbers.basket_minor,
        visits=numbers.visits,
        margin_percent=numbers.margin_percent,
        gift_minor=numbers.gift_minor,
        quarter_minor=numbers.quarter_minor,
        **({place: [vars(promise) for promise in promises]} if place else {}),
    )


def keep_step(*, step: str) -> None:
    """Where to go on the next time; a shop that had finished is at it again."""
    _keep(step=step, closed_at=None)


def close_plan() -> None:
    """It is finished. Nothing that was said is lost."""
    _keep(closed_at=timezone.now())


def publish_programme(
    *, merchant: Merchant, actor: StaffMember | None, promised: str | None = None, **more: Any
) -> ProgrammeVersion:
    """`publish_draft`, whose arguments and refusals these are; and the template's rewards are there with it, at once or on
    the day. `promised`: the mark of those that a page showed. Raises PromisesChanged, too, where they are not these.
    """
    promises = promises_of(plan_of())
    if promised not in (None, mark_of(promises)) and Draft.objects.exists():
        raise PromisesChanged
    published = publish_draft(merchant=merchant, actor=actor, **more)
    if promises:
        planned = [vars(promise) for promise in promises]
        Plan.objects.update(version=published.number, planned=planned, offers=[])
        if published.effective_at <= published.published_at:
            _offer(published.number, actor)
    return published


def follow_publishing(event: Event) -> None:
    """`programme.published`: the rewards of a template whose day came. Repeating it changes nothing."""
    _offer(event.payload["version"], None)


def _offer(number: int, actor: StaffMember | None) -> None:
    plan = Plan.objects.select_for_update().filter(version=number).first()
    if plan is None or not plan.planned:
        return
    units = {unit.id for unit in version_in_force(number).units}
    there = {
        (name, str(reward.unit_id), reward.cost)
        for reward in live_rewards()
        for name in reward.names.values()
    }
    for promise in _promised(plan, "planned"):
        named = {(name, promise.unit, promise.cost) for name in promise.names.values()}
        if promise.unit in units and not named & there:
            offer_reward(offer=Offer(promise.names, promise.unit, promise.cost), actor=actor)
    Plan.objects.update(planned=[])


def _promised(plan: Plan, place: Place) -> list[Promise]:
    return [Promise(_names(offer), offer["unit"], offer["cost"]) for offer in getattr(plan, place)]


def _names(offer: Mapping[str, Any]) -> Mapping[str, str]:
    """Until rewards had their names in every language, a plan kept that of the shop's own."""
    if "names" in offer:
        return dict(offer["names"])
    return {Merchant.objects.values_list("locale", flat=True).get(id=current_merchant_id()): offer["name"]}


def _place(plan: Plan | None) -> Place | None:
    """Where the rewards of this draft are kept: of the template that was taken, or of the version that was taken back, what
    became the draft last and is still in it."""
    if plan is None:
        return None
    found: dict[int, Place] = {}
    if plan.offers and Draft.objects.filter(revision=plan.revision).exists():
        found[plan.revision] = "offers"
    if plan.planned:
        taken_back = ProgrammeVersion.objects.filter(number=plan.version, withdrawn_at__isnull=False)
        again = Draft.objects.filter(definition__in=taken_back.values("definition"))
        revision = again.order_by("-revision").values_list("revision", flat=True).first()
        if revision:
            found[revision] = "planned"
    return found[max(found)] if found else None


def _keep(**said: Any) -> Plan:
    plan, _made = Plan.objects.update_or_create(defaults=said)
    return plan
