"""The programme of a merchant, where each member stands in it, and the purchases it judged."""

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy import TenantKey, TenantModel

STATIC_A_DAY = (
    20  # a family that shares a card at a busy café stays below; somebody with a photo of it does not
)


class Programme(TenantModel):
    """A merchant's rules in force: one a merchant. `version` is the number of the newest published version."""

    name = models.CharField(_("name"), max_length=80)
    version = models.PositiveIntegerField(default=0)
    # How often a member may buy; 0 is no limit. Anybody can copy a printed code, so that one begins with a limit.
    cool_down_minutes = models.PositiveIntegerField(default=0, db_default=0)
    purchases_a_day = models.PositiveIntegerField(default=0, db_default=0)
    static_a_day = models.PositiveIntegerField(default=STATIC_A_DAY, db_default=STATIC_A_DAY)

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
    # Purchases of the newest day that has any, and those of them by a static code: what limits a day ask.
    counted_on = models.DateField(null=True)
    counted = models.PositiveIntegerField(default=0, db_default=0)
    counted_static = models.PositiveIntegerField(default=0, db_default=0)
    version = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "member"], name="loyalty_one_standing")]

    def __str__(self) -> str:
        return f"{self.progress_minor}"


class Purchase(TenantModel):
    """An amount spent, and why it earned what it earned. Written once, by `record_purchase.sql`; never changed.

    But that it may be cancelled, once, and refunded until nothing of it is left: `refund_purchase.sql` notes both, after
    its units went back. With `ended_at` it counts no more: no visit, no money, no part of a standing.
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
    refunded_minor = models.BigIntegerField(default=0, db_default=0)  # all its refunds together
    refunded_at = models.DateTimeField(null=True)  # the latest of them
    ended_at = models.GeneratedField(
        expression=Case(
            When(refunded_minor=F("amount_minor"), then=F("refunded_at")), default=F("cancelled_at")
        ),
        output_field=models.DateTimeField(null=True),
        db_persist=True,
    )

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["merchant", "member", "-occurred_at"], name="loyalty_purchase_story"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="loyalty_purchase_positive"),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("amount_minor")),
                name="loyalty_purchase_refunded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"

    @property
    def left_minor(self) -> int:
        """What was not refunded; nothing of a cancelled one."""
        return 0 if self.cancelled_at else self.amount_minor - self.refunded_minor


class Refund(TenantModel):
    """A part of a purchase's money that went back. Written once; its trigger adds it up on the purchase."""

    purchase = TenantKey(Purchase, related_name="refunds")
    amount_minor = models.BigIntegerField()
    actor_id = models.UUIDField(null=True)  # the staff member or API key
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["merchant", "purchase"], name="loyalty_refund_purchase")]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="loyalty_refund_positive")
        ]

    def __str__(self) -> str:
        return f"−{self.amount_minor}"


class Note(TenantModel):
    """Why somebody adjusted or refunded, in their own words. Its id is that of the entry or the refund.

    Free text may name anybody, so it stands beside the books and not in them, and erasing the member blanks it.
    """

    member = TenantKey("members.Member", related_name="+")
    text = models.CharField(max_length=200)
    written_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.text


class Merge(TenantModel):
    """One member became another, and for some days may become itself again. Its id is the key it was asked for with."""

    merged = TenantKey("members.Member", related_name="+")
    into = TenantKey("members.Member", related_name="+")
    tier_before = models.UUIDField(null=True)  # of the one who stayed
    actor_id = models.UUIDField(null=True)  # the staff member
    merged_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "merged"], condition=Q(undone_at=None), name="loyalty_merge_once"
            ),
        ]
        indexes = [models.Index(fields=["merchant", "into"], name="loyalty_merge_into")]

    def __str__(self) -> str:
        return f"{self.merged_id} → {self.into_id}"
