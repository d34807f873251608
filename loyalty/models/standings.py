"""Where each member stands in the programme, and which members became one."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.tenancy import TenantKey, TenantModel
from loyalty.models.programme import Tier


class Standing(TenantModel):
    """A member's tier and sums. `version` counts changes: a purchase judged on an older one is judged again.

    `progress_minor` is the money of all that counts; what a ladder counts otherwise is asked of `climbing`.
    """

    member = TenantKey("members.Member", related_name="+")
    # A removed tier's members are moved by `lifting.lift_standings` in the same transaction.
    tier = TenantKey(Tier, on_delete=models.DO_NOTHING, null=True, related_name="+")
    tier_since = models.DateField(null=True)  # a day of the shop's calendar, as the next two
    # The day on which the tier is looked at again, and that for which its member was told that it would be lost.
    review_on = models.DateField(null=True)
    warned_for = models.DateField(null=True)
    progress_minor = models.BigIntegerField(default=0)
    purchases = models.PositiveIntegerField(default=0)
    last_purchase_at = models.DateTimeField(null=True)
    # Of the newest day that has any: purchases, and how often a static code was used, for whatever. What limits a day ask.
    counted_on = models.DateField(null=True)
    counted = models.PositiveIntegerField(default=0, db_default=0)
    counted_static = models.PositiveIntegerField(default=0, db_default=0)
    visits = models.PositiveIntegerField(default=0, db_default=0)  # those without a purchase
    ordinal = models.PositiveIntegerField(default=0, db_default=0)  # the first to join is 1
    # By rule, as `rules/memory.py` has it. Of one who was merged: what it brought along, for the day they are parted.
    memory = models.JSONField(default=dict, db_default={})
    version = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "member"], name="loyalty_one_standing")]
        indexes = [
            models.Index(
                fields=["merchant", "review_on"],
                name="loyalty_standing_review",
                condition=Q(review_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.progress_minor}"


class Budget(TenantModel):
    """What a rule gave to all members together in a period of the shop's calendar, or what one of the staff gave by it.

    A row comes with the first of it.
    """

    rule = models.CharField(max_length=100)  # as `rules.quotas.budget_name` names it
    period = models.CharField(max_length=10)  # as `rules/periods.py` names it
    units = models.BigIntegerField(default=0)
    times = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            # The period first: a purchase asks for those in which it lies, whatever the rules.
            models.UniqueConstraint(fields=["merchant", "period", "rule"], name="loyalty_budget_once"),
            models.CheckConstraint(condition=Q(units__gte=0), name="loyalty_budget_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.period}: {self.units}"


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
