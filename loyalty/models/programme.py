"""The programme of a merchant: what is counted, its ladder, its versions, and the draft of the next one."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy import TenantKey, TenantModel

STATIC_A_DAY = (
    20  # a family that shares a card at a busy café stays below; somebody with a photo of it does not
)


class Programme(TenantModel):
    """A merchant's rules: one a merchant. `version` is the number of the one in force, but where `next_at` is over.

    `name`, the ladder and the limits repeat what that version says.
    """

    name = models.CharField(_("name"), max_length=80)
    version = models.PositiveIntegerField(default=0)
    next_version = models.PositiveIntegerField(null=True)  # the one to come, from `next_at` on
    next_at = models.DateTimeField(null=True)
    drafted = models.PositiveIntegerField(
        default=0, db_default=0
    )  # the newest revision that a draft ever had
    # The ladder, as `rules.tiers.Ladder` names it: what the hot path counts by.
    ladder_climbing = models.CharField(max_length=10, default="spend", db_default="spend")
    ladder_window = models.CharField(max_length=20, default="lifetime", db_default="lifetime")
    joined = models.PositiveIntegerField(
        default=0, db_default=0
    )  # members so far, whoever left or was merged
    # The last day of the shop's calendar whose birthdays and anniversaries were given.
    greeted_on = models.DateField(null=True)
    # The day on which a tier's season may begin next; none where no tier has one.
    season_on = models.DateField(null=True)
    # How often a member may buy; 0 is no limit. Anybody can copy a printed code, so that one begins with a limit.
    cool_down_minutes = models.PositiveIntegerField(default=0, db_default=0)
    purchases_a_day = models.PositiveIntegerField(default=0, db_default=0)
    static_a_day = models.PositiveIntegerField(default=STATIC_A_DAY, db_default=STATIC_A_DAY)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["merchant"], name="loyalty_one_programme"),
            models.CheckConstraint(
                condition=Q(next_version=None, next_at=None)
                | Q(next_version__isnull=False, next_at__isnull=False),
                name="loyalty_next_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(TenantModel):
    """What is counted. `names` holds singular and plural by language: {"en": ["point", "points"], …}."""

    class Kind(models.TextChoices):
        """What one of it is: a point, a stamp, or a minor unit of money."""

        POINTS = "points", _("Points")
        STAMPS = "stamps", _("Stamps")
        CREDIT = "credit", _("Credit")

    code = models.SlugField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.POINTS)
    names = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "code"], name="loyalty_unit_code")]

    def __str__(self) -> str:
        return self.code


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
    """What is in force from `effective_at`, whole and for ever: a purchase keeps the version it was judged by.

    One that was withdrawn before its day came never was.
    """

    number = models.PositiveIntegerField()
    definition = models.JSONField()
    published_at = models.DateTimeField(default=timezone.now)
    published_by = TenantKey("merchants.StaffMember", null=True, related_name="+")
    effective_at = models.DateTimeField(default=timezone.now, db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True, db_default="")  # for members to read

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "number"], name="loyalty_version_number")]

    def __str__(self) -> str:
        return str(self.number)


class Draft(TenantModel):
    """The programme as it is being changed. The newest revision is the draft, older ones are what undoing goes back to."""

    revision = models.PositiveIntegerField()
    definition = models.JSONField()
    based_on = models.PositiveIntegerField()  # the number of the version in force when the draft was begun
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = TenantKey("merchants.StaffMember", null=True, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["merchant", "revision"], name="loyalty_draft_revision")
        ]

    def __str__(self) -> str:
        return str(self.revision)
