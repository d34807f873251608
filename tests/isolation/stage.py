"""Two shops, each with a row in every table, and everybody who could knock at the other's door.

The cast of `tests/world.py`, and what only these suites need. Nothing is Aroma's alone: who looks from Bloom sees as little.
"""

import datetime as dt
import io
from dataclasses import dataclass, field, replace
from uuid import UUID

import orjson
import pytest
from django.utils import timezone
from PIL import Image

from analytics.aims import set_aim
from config.subscriptions import SUBSCRIPTIONS
from core import outbox, tenancy
from core.ids import key_within, new_id
from core.models import Event
from integrations.notifications.models import Message
from loyalty.happenings.happening import record_happening
from loyalty.membership.joining import enrol_member
from loyalty.membership.merging import merge_members
from loyalty.models import Rehearsal, Tier, Unit
from loyalty.programme import tiers
from loyalty.programme.publishing import change_programme
from loyalty.programme.revisions import keep_revision
from loyalty.programme.versions import version_in_force
from loyalty.purchases import budgets, earning
from loyalty.purchases.refunding import refund_purchase
from loyalty.rehearsal.rehearsing import begin_rehearsal, rehearse
from loyalty.rules.types import Version
from loyalty.rules.verdicts import Drawn
from loyalty.units.adjusting import adjust_units
from members import cards, profiles
from members.links import Claim, Purpose, sign, stop_link
from members.models import Card, Consent, Member
from merchants import api_keys, invitations, locations, logos, queries, team
from merchants.access import Scope
from merchants.models import Merchant, StaffMember, User
from rewards import pictures, taking
from rewards.models import Plan
from tests.isolation.canaries import secrets_of
from tests.isolation.printed import make_codes, make_designs, make_links
from tests.isolation.vouchers import voucher_for
from tests.loyalty.ruled import earning as earning_of
from tests.loyalty.ruled import publish
from tests.rewards.offering import A_BUNCH, offered
from tests.world import World, user

Role = StaffMember.Role
SENDS = (
    "sender",
    "letter",
    "one-time code",
)  # subscribers that would write e-mails: their events stay in the outbox


@dataclass
class Shop:
    """A merchant, one of each thing that is its own, and what opens its doors."""

    merchant: Merchant
    owner: User
    manager: User
    cashier: User
    member: Member
    card: Card
    ids: dict[str, UUID] = field(default_factory=dict)  # by the name that an address gives it
    keys: dict[str, str] = field(default_factory=dict)  # API keys: by scope, and "all"
    texts: dict[str, str] = field(default_factory=dict)  # tokens, codes and names that stand in addresses

    @property
    def session(self) -> str:
        """The cookie of the member's browser."""
        return sign(Claim(self.merchant.id, self.member.id, self.card.generation), Purpose.SESSION)


@dataclass
class Stage:
    """Both shops, and somebody who has none."""

    aroma: Shop
    bloom: Shop
    stranger: User  # has signed in, and has no shop
    listed: (
        User  # Aroma's owner, who left Bloom, and whose own row still says so: a list that was not cleaned
    )
    unlisted: User  # Aroma's owner, who is staff of Bloom's by its table, and whose own row does not say so
    world: World

    def other(self, shop: Shop) -> Shop:
        """The one that `shop` must know nothing of."""
        return self.bloom if shop is self.aroma else self.aroma


def make_stage(world: World) -> Stage:
    """Both shops in the current database, all of it committed."""
    return Stage(
        aroma=_shop(world.aroma, world.olivia, world.mia, world.mia_card),
        bloom=_shop(world.bloom, world.petra, world.zoe, world.zoe_card),
        stranger=user("stranger@elsewhere.test", "Sascha Stranger"),
        listed=_half_staff(world, is_listed=True),
        unlisted=_half_staff(world, is_listed=False),
        world=world,
    )


def _half_staff(world: World, *, is_listed: bool) -> User:
    """Somebody of Aroma's for whom one of Bloom's two doors stands open, and not the other."""
    someone = user(f"half{is_listed:d}@aroma.test", "Half")
    with tenancy.scope(world.aroma.id):
        team.add_staff(user=someone, role=Role.OWNER, merchant=world.aroma)
    with tenancy.scope(world.bloom.id):
        left = timezone.now() if is_listed else None
        StaffMember.objects.create(user=someone, role=Role.OWNER, removed_at=left)
    someone.merchant_ids = [world.aroma.id, *([world.bloom.id] if is_listed else [])]
    someone.save(update_fields=["merchant_ids"])
    return someone


def _shop(merchant: Merchant, owner: User, member: Member, card: Card) -> Shop:
    slug = merchant.slug
    manager, cashier = (user(f"{role}2@{slug}.test", f"{role} of {slug}") for role in ("manager", "cashier"))
    shop = Shop(merchant, owner, manager, cashier, member, card)
    logos.set_logo(merchant=merchant, content=_picture(merchant.brand_colour), crop=logos.Crop(), actor=None)
    with tenancy.scope(merchant.id):
        boss = StaffMember.objects.get(user=owner)
        team.add_staff(user=manager, role=Role.MANAGER, merchant=merchant, actor=boss)
        added = team.add_staff(user=cashier, role=Role.CASHIER, merchant=merchant, actor=boss)
        shop.ids["staff_id"] = added.id
        _furnish(shop, boss)
    shop.ids["purchase_id"] = shop.ids["cause_id"] = _buy(shop, 77_700)
    _trade(shop, boss.id)
    drawn = pictures.set_picture(merchant=merchant, reward_id=shop.ids["reward_id"], content=_picture("#fff"), crop=logos.Crop(), actor=None)  # fmt: skip
    shop.texts["picture"] = logos.picture_name(drawn.digest, logos.SMALL)
    with tenancy.scope(merchant.id):
        make_codes(shop)
        make_links(shop)
        make_designs(shop)
    _deliver(merchant)
    return shop


def _rehearse(merchant: Merchant, top: str, boss: StaffMember) -> None:
    """A rehearsal that is done; in its result a tier's name that is nobody else's."""
    asked = begin_rehearsal(merchant=merchant, actor=boss)
    rehearse(merchant=merchant, rehearsal_id=asked.id, prizes={})
    done = Rehearsal.objects.get(id=asked.id)
    assert done.result is not None
    done.result["tiers"] = [{"from": None, "to": top, "members": 1}]
    done.save()


def _set_up(merchant: Merchant, boss: StaffMember) -> None:
    """What the wizard keeps: an aim, and a template with its reward to come."""
    set_aim(
        merchant=merchant,
        kind="members",
        target=77,
        by=timezone.localdate() + dt.timedelta(days=30),
        actor=boss,
    )
    offers = [{"name": "A coffee", "unit": str(new_id()), "cost": 9}]
    Plan.objects.create(template="cafe-stamps", offers=offers, planned=offers)


def _furnish(shop: Shop, boss: StaffMember) -> None:
    """One of each thing, in the merchant's scope."""
    merchant, member, slug = shop.merchant, shop.member, shop.merchant.slug
    budgets.take([Drawn(str(new_id()), "ever", 1, 1, most_units=None, most_times=None)])
    top = secrets_of(slug)["word"] + "top"  # versions and reasons keep it as it is here
    # Whoever joins from now on is welcomed, so that the happening has its reason.
    publish(merchant, earning_of(1, welcome=50), actor=boss)
    with_gifts(merchant, boss)
    tiers.add_tier(merchant=merchant, name=top, threshold_minor=900_000, multiplier_percent=300, actor=boss)
    shop.ids["tier_id"] = Tier.objects.get(name=top).id
    in_force = version_in_force()
    shop.ids["rule_id"] = UUID(in_force.rules[0].id)
    shop.ids["unit_id"] = UUID(in_force.units[0].id)
    keep_revision(in_force, based_on=in_force.number, actor=boss)
    _rehearse(merchant, top, boss)
    shop.ids["location_id"] = locations.add_location(
        name=f"Second of {slug}", address="1 Some Street", map_url="https://maps.test/1", actor=boss
    ).id
    _set_up(merchant, boss)
    invited = invitations.invite(email=f"invited@{slug}.test", role=Role.CASHIER, locale="en", actor=boss)
    shop.ids["invitation_id"], shop.texts["invitation"] = invited.id, invitations.token_of(invited)
    for scope in Scope:
        shop.keys[scope] = api_keys.make_key(name=f"Only {scope}", scopes=[scope], actor=boss)[1]
    revoked, shop.texts["revoked"] = api_keys.make_key(name="Lost", scopes=list(Scope), actor=boss)
    api_keys.revoke_key(key=revoked, actor=boss)
    key, shop.keys["all"] = api_keys.make_key(name="Everything", scopes=list(Scope), actor=boss)
    shop.ids["key_id"], shop.ids["member_id"] = key.id, member.id
    profiles.set_consent(member=member, purpose=Consent.Purpose.NEWS_EMAIL, given=True, source="card")
    Message.objects.create(member=member, event_id=new_id(), kind="points", content={"amount": 1})
    stop = stop_link(member, merchant, Consent.Purpose.NEWS_EMAIL)
    claim = Claim(merchant.id, member.id, shop.card.generation)
    shop.texts |= {
        "link": sign(claim, Purpose.LINK),
        "stop": stop.rpartition("/")[2],
        "code": cards.static_code(shop.card, merchant).rpartition("/")[2],
        "logo": logos.logo_path(Merchant.objects.get(id=merchant.id)).rpartition("/")[2],
    }


def with_gifts(merchant: Merchant, boss: StaffMember) -> None:
    """A rule that lets staff give something."""

    def change(version: Version) -> Version:
        plain = version.rules[0]
        gift = replace(
            plain, id=str(new_id()), trigger="gift", gives="flat", amount=5, per_minor=0, multiplied=False
        )
        return replace(version, rules=(*version.rules, gift))

    change_programme(merchant=merchant, change=change, actor=boss)


def _buy(shop: Shop, amount_minor: int) -> UUID:
    """A purchase of the member's, with everything that one may have."""
    with tenancy.scope(shop.merchant.id):
        place, boss = queries.locations()[0], queries.staff_member(shop.owner.id)
    bought = earning.NewPurchase(
        who=cards.Scanned(member_id=shop.member.id),
        amount_minor=amount_minor,
        channel="scanner",
        asked=["stage", amount_minor],
        actor_id=boss.id if boss else None,
        location_id=place.id,
        reference="R-77",
        items=[{"sku": "S-77", "category": "C-77", "quantity": 1}],
    )
    body = earning.record_purchase(merchant=shop.merchant, bought=bought, key=new_id()).body
    return UUID(hex=orjson.loads(body)["id"].removeprefix("pur_"))


def _trade(shop: Shop, actor_id: UUID) -> None:
    """What happens to units and members in a shop's life."""
    merchant, member = shop.merchant, shop.member
    refunded, _another = _buy(shop, 5_000), _buy(shop, 4_200)
    with tenancy.scope(merchant.id):
        unit, boss = Unit.objects.get(), queries.staff_member(shop.owner.id)
        reward = offered(unit_id=unit.id, stock=9, actor=boss, **A_BUNCH)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                taking, "HELD_FOR", dt.timedelta(days=1)
            )  # a worker's tests last longer than a queue
            taken = taking.take_reward(
                merchant=merchant, reward_id=reward.id, member_id=member.id, key=new_id(), actor_id=actor_id
            )
        redemption_id = UUID(hex=orjson.loads(taken.body)["id"].removeprefix("red_"))
        shop.ids |= {"reward_id": reward.id, "redemption_id": redemption_id}
        shop.ids["voucher_id"], shop.texts["voucher"] = voucher_for(member, reward, merchant, actor_id)
        refund_purchase(merchant=merchant, purchase_id=refunded, amount_minor=1_000, key=new_id(), actor_id=actor_id,
                        reason="Too sweet")  # fmt: skip
        key = new_id()
        adjust_units(
            member_id=member.id, unit="points", amount=7, reason="A gift", key=key, actor_id=actor_id
        )
        twin = enrol_member(merchant=merchant, name="Twin", phone="+33611990000", source="scanner").member
        merged = merge_members(stays_id=member.id, goes_id=twin.id, key=new_id(), actor_id=actor_id)
        second = enrol_member(
            merchant=merchant, name="Second", phone="+33611990001", source="scanner", referred_by=member
        ).member
        shop.ids |= {"merge_id": merged.id, "other_id": second.id}
        shop.ids["entry_id"] = key_within(key, "adjustment")
        for _again in range(2):
            given = record_happening(
                merchant=merchant, who=cards.Scanned(member_id=member.id), trigger="gift", key=new_id(), asked="stage",
                actor_id=actor_id, channel="desk",
            )  # fmt: skip
            told = UUID(hex=orjson.loads(given.body)["id"].removeprefix("evt_"))
            shop.ids |= {"happening_id": told, "event_id": told}


def _deliver(merchant: Merchant) -> None:
    """What follows from events, but for letters: figures, the audit's rows, messages."""
    with tenancy.scope(merchant.id):
        waiting = list(Event.objects.order_by("id"))
    for event in waiting:
        mine = SUBSCRIPTIONS[event.name]
        if not set(mine) & set(SENDS):
            outbox.deliver(merchant.id, event.id, SUBSCRIPTIONS)


def _picture(colour: str) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(kept, "PNG")
    return kept.getvalue()
