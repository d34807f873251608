"""The programme of a merchant, where each member stands in it, and the purchases it judged."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy import TenantKey, TenantModel


class Programme(TenantModel):
    """A merchant's rules in force: one a merchant. `version` is the number of the newest published version."""

    name = models.CharField(_("name"), max_length=80)
    version = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant"], name="loyalty_one_programme")]

    def __str__(self) -> str:
        return self.name


class Unit(TenantModel):
    """What is counted. `names` holds singular and plural by language: {"en": ["point", "points"], …}."""

    class Kind(models.TextChoices):
        """Points is what this issue needs; stamps and credit are kinds to come."""

        POINTS = "points", _("Points")

    code = models.SlugField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.POINTS)
    names = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "code"], name="loyalty_unit_code")]

    def __str__(self) -> str:
        return self.code


class EarnRule(TenantModel):
    """When this happens, award that."""

    class Trigger(models.TextChoices):
        """What sets the rule off."""

        PURCHASE = "purchase", _("A purchase")
        JOINING = "joining", _("Joining")

    trigger = models.CharField(max_length=20, choices=Trigger.choices)
    unit = TenantKey(Unit, related_name="+")
    amount = models.PositiveIntegerField()  # units given
    per_minor = models.PositiveIntegerField(default=0)  # for each so many minor units spent; 0 with JOINING
    active = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(trigger="joining", per_minor=0) | Q(trigger="purchase", per_minor__gt=0),
                name="loyalty_rule_has_basis",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="loyalty_rule_gives"),
        ]

    def __str__(self) -> str:
        return f"{self.trigger}: {self.amount}"


class Tier(TenantModel):
    """A named level: from `threshold_minor` of spend, awards count `multiplier_percent` / 100 times."""

    name = models.CharField(_("name"), max_length=40)
    threshold_minor = models.BigIntegerField(default=0)
    multiplier_percent = models.PositiveIntegerField(default=100)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "threshold_minor"],
                name="loyalty_tier_threshold",
                deferrable=models.Deferrable.DEFERRED,  # two tiers may change places in one transaction
            ),
            models.CheckConstraint(condition=Q(threshold_minor__gte=0), name="loyalty_tier_from_zero"),
            models.CheckConstraint(
                condition=Q(multiplier_percent__gte=100, multiplier_percent__lte=1000),
                name="loyalty_tier_multiplier",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProgrammeVersion(TenantModel):
    """What was in force, whole and for ever: a purchase keeps the version it was judged by."""

    number = models.PositiveIntegerField()
    definition = models.JSONField()
    published_at = models.DateTimeField(default=timezone.now)
    published_by = TenantKey("merchants.StaffMember", null=True, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "number"], name="loyalty_version_number")]

    def __str__(self) -> str:
        return str(self.number)


class Standing(TenantModel):
    """A member's tier and progress. `version` counts changes: a purchase judged on an older one is judged again."""

    member = TenantKey("members.Member", related_name="+")
    # A removed tier's members are moved by `tiers.lift_standings` in the same transaction.
    tier = TenantKey(Tier, on_delete=models.DO_NOTHING, null=True, related_name="+")
    progress_minor = models.BigIntegerField(default=0)
    purchases = models.PositiveIntegerField(default=0)
    last_purchase_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "member"], name="loyalty_one_standing")]

    def __str__(self) -> str:
        return f"{self.progress_minor}"


class Purchase(TenantModel):
    """An amount spent, and why it earned what it earned. Written once, by `record_purchase.sql`; never changed.

    But that it may be cancelled, once: `cancel_purchase.sql` notes when, after its units went back.
    """

    class Channel(models.TextChoices):
        """Through which door it came."""

        API = "api", _("API")
        SCANNER = "scanner", _("Scanner")
        SEED = "seed", _("Demonstration")

    member = TenantKey("members.Member", related_name="+")
    location = TenantKey("merchants.Location", null=True, related_name="+")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=60, blank=True)
    items = models.JSONField(default=list)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    actor_id = models.UUIDField(null=True)  # the staff member or API key
    programme_version = models.PositiveIntegerField()
    awarded = models.BigIntegerField()  # units of the first unit, for lists; the books hold the truth
    reasons = models.JSONField(default=list)
    tier_id = models.UUIDField(null=True)  # after it
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["merchant", "member", "-occurred_at"], name="loyalty_purchase_story"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="loyalty_purchase_positive")
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"
