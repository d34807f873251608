"""What units buy, and who took it."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy import TenantKey, TenantModel


class Reward(TenantModel):
    """Something for units: what `rewards.offers.Offer` says, as it is now. `taken` of `stock` are held or handed over."""

    class Status(models.TextChoices):
        """Only what is live can be taken."""

        DRAFT = "draft", _("Draft")
        LIVE = "live", _("Live")
        ARCHIVED = "archived", _("Archived")

    names = models.JSONField(default=dict)  # language → what it is called
    terms = models.JSONField(default=dict)  # language → the small print
    kind = models.CharField(max_length=20, default="free_text")
    value = models.JSONField(default=dict)  # as `rewards.kinds` reads it
    unit = TenantKey("loyalty.Unit", related_name="+")
    cost = models.PositiveIntegerField()
    costs = models.JSONField(default=dict)  # tier id → what it costs there
    seen_from = models.PositiveIntegerField(default=0)
    conditions = models.JSONField(default=list)  # [{"kind", …}], as a version keeps those of a rule
    stock = models.PositiveIntegerField(null=True)
    taken = models.PositiveIntegerField(default=0)
    most = models.PositiveIntegerField(default=0)
    most_in = models.PositiveIntegerField(default=0)
    period = models.CharField(max_length=5, default="month")
    auto = models.CharField(max_length=10, default="none")
    valid_days = models.PositiveIntegerField(default=0)  # of the voucher that it becomes; 0: none
    cost_minor = models.BigIntegerField(default=0)
    price_minor = models.BigIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)  # the shop's own order
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.LIVE)
    picture = models.CharField(
        max_length=16, blank=True, default=""
    )  # the digest of `Picture`, if it has one

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(auto="on_tier", cost=0) | ~Q(auto="on_tier") & Q(cost__gt=0),
                name="rewards_reward_costs",
            ),
            models.CheckConstraint(
                condition=Q(stock=None) | Q(taken__lte=F("stock")), name="rewards_never_oversold"
            ),
        ]

    def __str__(self) -> str:
        return str(self.names)


class Picture(TenantModel):
    """What a reward looks like, drawn anew by us in three sizes, as a logo is. At most one a reward."""

    reward = TenantKey(Reward, related_name="+")
    digest = models.CharField(max_length=16)
    large = models.BinaryField()  # PNG, 512 square
    medium = models.BinaryField()  # PNG, 192 square: e-mails, which know no newer format
    small = models.BinaryField()  # WebP, 128 square: pages
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "reward"], name="rewards_picture_once")]

    def __str__(self) -> str:
        return self.digest


class VoidReason(models.TextChoices):
    """Why something comes back over the counter, or is taken back before it came there."""

    MISTAKE = "mistake", _("By mistake")
    UNWANTED = "unwanted", _("No longer wanted")
    NOT_GOOD = "not_good", _("Not as it should be")
    NOT_THERE = "not_there", _("Not there after all")
    REFUNDED = "refunded", _("With the purchase on which it was used")
    TIER_LOST = "tier_lost", _("What had brought its tier was taken back")
    OTHER = "other", _("Something else")


class Redemption(TenantModel):
    """One reward taken by one member. Its id is that of the hold in the books, where it costs units. A voucher has a `serial`, from
    which its code follows (`rewards.voucher_codes`).

    `what` was taken, whatever becomes of the reward: {"names", "terms", "kind", "value", "conditions", "cost_minor"}, as the
    reward had them.
    """

    class Status(models.TextChoices):
        """Held ends as one of the next three; what was captured may be voided."""

        HELD = "held", _("Set aside")
        CAPTURED = "captured", _("Handed over")
        RELEASED = "released", _("Let go")
        EXPIRED = "expired", _("Time ran out")
        VOIDED = "voided", _("Given back")

    reward = TenantKey(Reward, related_name="+")
    member = TenantKey("members.Member", related_name="+")
    unit = TenantKey("loyalty.Unit", related_name="+")
    cost = models.PositiveIntegerField()
    what = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.HELD)
    serial = models.BigIntegerField(null=True)
    held_until = models.DateTimeField()
    held_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    actor_id = models.UUIDField(null=True)  # the staff member or API key that took it, as the next two
    closed_by = models.UUIDField(null=True)
    # Handed over, which stays when it is given back: when, by whom, and at which location, if that was told.
    captured_at = models.DateTimeField(null=True)
    captured_by = models.UUIDField(null=True)
    location_id = models.UUIDField(null=True)
    # On which it was used, if that was told: what undoes the purchase gives the units back.
    purchase = TenantKey("loyalty.Purchase", null=True, related_name="+")
    void_reason = models.CharField(max_length=10, blank=True, default="", choices=VoidReason.choices)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["merchant", "member", "-id"], name="rewards_redemption_story"),
            models.Index(
                fields=["merchant", "purchase"],
                name="rewards_redemption_bought",
                condition=Q(purchase__isnull=False),
            ),
            models.Index(
                fields=["merchant", "reward", "held_until"],
                name="rewards_redemption_held",
                condition=Q(status="held"),
            ),
            models.Index(  # the last at a till
                fields=["merchant", "captured_by", "location_id", "-captured_at"],
                name="rewards_redemption_handed",
                condition=Q(captured_at__isnull=False),
            ),
            models.Index(  # whom the books do not end
                fields=["held_until"],
                name="rewards_redemption_free",
                condition=Q(status="held", cost=0),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["merchant", "serial"], name="rewards_voucher_once"),
        ]

    def __str__(self) -> str:
        return f"{self.cost}: {self.status}"

    def status_at(self, now: dt.datetime) -> Status:
        """What it is at this moment: time that ran out just now has not reached the row yet."""
        is_over = self.status == self.Status.HELD and self.held_until <= now
        return self.Status.EXPIRED if is_over else self.Status(self.status)


class Crossing(TenantModel):
    """Once a reward came by itself to one member: at which of its chances, counted from 0, or on which day (`rewards.crossings`).

    Its id is that of the voucher; one that is taken back is no crossing any more.
    """

    member = TenantKey("members.Member", related_name="+")
    reward = TenantKey(Reward, related_name="+")
    ordinal = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "member", "reward", "ordinal"], name="rewards_crossed_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.ordinal)


class Plan(TenantModel):
    """What a shop said while its programme was set up; money in minor units, 0 where nothing was said. `offers` are the
    rewards that its draft brings, `planned` those of the version that was published last and whose day is to come:
    [{"names" (by language), "unit" (an id), "cost"}].
    """

    template = models.SlugField(max_length=40, blank=True)
    basket_minor = models.BigIntegerField(default=0)
    visits = models.PositiveSmallIntegerField(default=0)  # of a regular, a month
    margin_percent = models.PositiveSmallIntegerField(default=0)
    gift_minor = models.BigIntegerField(default=0)  # what the first reward costs the shop
    quarter_minor = models.BigIntegerField(default=0)
    offers = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=0)  # of the draft, as which the template was taken
    version = models.PositiveIntegerField(default=0)  # the number under which a template was published last
    planned = models.JSONField(default=list)
    step = models.CharField(max_length=20, blank=True)  # where to go on
    closed_at = models.DateTimeField(null=True)  # finished

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant"], name="rewards_one_plan")]

    def __str__(self) -> str:
        return self.template
