"""The programme and its ladder: every change is a version, standings follow it upwards."""

import pytest

from core import tenancy
from core.errors import DomainError
from loyalty.models import ProgrammeVersion, Standing, Tier
from loyalty.programme import tiers, versions
from loyalty.rules.definition import read_definition
from loyalty.wording import say_reason, say_rule, say_units
from merchants.models import StaffMember
from tests.loyalty.ruled import earning, publish
from tests.world import buy


@pytest.fixture
def aroma(world):
    """Inside Aroma's scope."""
    with tenancy.scope(world.aroma.id):
        yield world


def ladder():
    return [
        (tier.name, tier.threshold_minor, tier.multiplier_percent)
        for tier in Tier.objects.order_by("threshold_minor")
    ]


def add(world, name="Platinum", threshold_minor=100_000, multiplier_percent=200):
    return tiers.add_tier(
        merchant=world.aroma,
        name=name,
        threshold_minor=threshold_minor,
        multiplier_percent=multiplier_percent,
        actor=None,
    )


def tier_of(member):
    return Standing.objects.select_related("tier").get(member=member).tier


def test_each_change_publishes_a_version_and_the_old_ones_stay(aroma):
    before = versions.version_in_force()
    olivia = StaffMember.objects.get(user=aroma.olivia)
    publish(aroma.aroma, earning(2, 150), actor=olivia)
    after = versions.version_in_force()
    assert after.number == before.number + 1
    assert [(rule.trigger, rule.amount, rule.per_minor) for rule in after.rules] == [("purchase", 2, 150)]
    assert ProgrammeVersion.objects.get(number=after.number).published_by == olivia
    assert (
        read_definition(before.number, ProgrammeVersion.objects.get(number=before.number).definition)
        == before
    )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 41}, "name"),
        ({"threshold_minor": 25_000}, "threshold"),
        ({"threshold_minor": -1}, "threshold"),
        ({"multiplier_percent": 99}, "multiplier"),
        ({"multiplier_percent": 1001}, "multiplier"),
    ],
)
def test_senseless_tiers_are_refused_at_their_field_and_the_ladder_stays(aroma, fields, field):
    before = ladder()
    with pytest.raises(DomainError) as refused:
        add(aroma, **fields)
    assert refused.value.field == field
    assert ladder() == before


def test_a_lower_threshold_lifts_members_at_once(aroma):
    assert tier_of(aroma.mia).name == "Gold"
    add(aroma, threshold_minor=90_000)
    assert tier_of(aroma.mia).name == "Platinum"
    assert tier_of(aroma.noah).name == "Bronze"


def test_a_higher_threshold_takes_nothing_from_anyone(aroma):
    gold = Tier.objects.get(name="Gold")
    publish(
        aroma.aroma,
        tiers.setting(
            tier_id=gold.id,
            name="Gold",
            threshold_minor=500_000,
            multiplier_percent=150,
        ),
    )
    assert tier_of(aroma.mia).name == "Gold"


def test_moving_a_tier_changes_places_and_leaves_the_amounts(aroma):
    silver = Tier.objects.get(name="Silver")
    publish(aroma.aroma, tiers.moving(tier_id=silver.id, up=True))
    assert ladder() == [("Bronze", 0, 100), ("Gold", 25_000, 150), ("Silver", 50_000, 125)]
    publish(aroma.aroma, tiers.moving(tier_id=silver.id, up=True))  # at the top already
    assert ladder()[-1][0] == "Silver"


def test_members_of_a_removed_tier_go_where_their_progress_takes_them(aroma):
    publish(aroma.aroma, tiers.removing(tier_id=Tier.objects.get(name="Gold").id))
    assert tier_of(aroma.mia).name == "Silver"


def test_a_ladder_has_an_end(aroma):
    for number in range(tiers.MOST_TIERS - 3):
        add(aroma, name=f"T{number}", threshold_minor=100_000 + number)
    with pytest.raises(tiers.TooManyTiers):
        add(aroma, threshold_minor=999_999)


def test_a_tier_of_another_merchant_is_not_there(world):
    with tenancy.scope(world.bloom.id):
        bud = Tier.objects.get()
    with tenancy.scope(world.aroma.id), pytest.raises(tiers.TierUnknown):
        publish(world.aroma, tiers.removing(tier_id=bud.id))
    with tenancy.scope(world.bloom.id):
        assert Tier.objects.count() == 1


def test_rules_and_reasons_in_both_languages(aroma):
    version = versions.version_in_force()
    joining, purchase = sorted(version.rules, key=lambda rule: rule.trigger)
    assert say_rule(purchase, version, "en") == "1 point per €1"
    assert say_rule(purchase, version, "fr").replace("\xa0", " ").replace("\u202f", " ") == "1 point par 1 €"
    assert say_rule(joining, version, "en") == "50 points on joining"
    assert say_units(version.units[0], 1218, "en") == "1,218 points"
    assert say_units(version.units[0], 0, "fr") == "0 point"
    reason = {"code": "per_amount", "base": 12, "multiplier_percent": 150, "tier": "Or", "spent_minor": 1250}
    assert say_reason(reason, "EUR", "fr") == "12 × 1,5 (Or)"


def test_buying_after_a_change_is_judged_by_the_new_version(world):
    with tenancy.scope(world.aroma.id):
        publish(world.aroma, earning(7))
    assert '"amount":70,' in buy(world.aroma, world.noah, 1000)


def test_a_new_ladder_is_named_in_the_merchants_language(aroma):
    for tier in list(Tier.objects.all()):
        publish(aroma.aroma, tiers.removing(tier_id=tier.id))
    aroma.aroma.locale = "fr"
    publish(aroma.aroma, tiers.starting(merchant=aroma.aroma))
    assert [name for name, *_rest in ladder()] == ["Bronze", "Argent", "Or"]


def test_a_version_whose_publishing_was_rolled_back_is_not_remembered(committed_db, world):

    def change(amount, *, fail):
        with tenancy.scope(world.aroma.id):
            publish(world.aroma, earning(amount))
            versions.version_in_force()  # a page that shows what was just saved
            if fail:
                raise LookupError

    with pytest.raises(LookupError):
        change(9, fail=True)
    change(5, fail=False)
    assert '"amount":50,' in buy(world.aroma, world.noah, 1000)
