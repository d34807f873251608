"""Where each member stands in the programme, and which members became one."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.tenancy import TenantKey, TenantModel
from loyalty.models.programme import Tier


class Standing(TenantModel):
    """A member's tier and progress. `version` counts changes: a purchase judged on an older one is judged again."""

    member = TenantKey("members.Member", related_name="+")
    # A removed tier's members are moved by `lifting.lift_standings` in the same transaction.
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
