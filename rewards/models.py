"""What units buy, and who took it."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy import TenantKey, TenantModel


class Reward(TenantModel):
    """Something for `cost` units. Of `stock` there are so many, ever; None is no limit. `taken` are held or handed over."""

    name = models.CharField(_("name"), max_length=80)
    unit = TenantKey("loyalty.Unit", related_name="+")
    cost = models.PositiveIntegerField()
    stock = models.PositiveIntegerField(null=True)
    taken = models.PositiveIntegerField(default=0)
    live = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(cost__gt=0), name="rewards_reward_costs"),
            models.CheckConstraint(
                condition=Q(stock=None) | Q(taken__lte=F("stock")), name="rewards_never_oversold"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Redemption(TenantModel):
    """One reward taken by one member. Its id is that of the hold in the books."""

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
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.HELD)
    held_until = models.DateTimeField()
    held_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    actor_id = models.UUIDField(null=True)  # the staff member or API key that took it

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["merchant", "member", "-id"], name="rewards_redemption_story"),
            models.Index(
                fields=["merchant", "reward", "held_until"],
                name="rewards_redemption_held",
                condition=Q(status="held"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cost}: {self.status}"
