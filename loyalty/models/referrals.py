"""Who brought whom."""

from django.db import models
from django.utils import timezone

from core.tenancy import TenantKey, TenantModel


class Referral(TenantModel):
    """A member who joined by a friend's link. Both are rewarded after the first purchase: that is when the friend came.

    Where nothing is left of what the friend bought, nobody came, and the reward is taken back.
    """

    friend = TenantKey("members.Member", related_name="+")
    referrer = TenantKey("members.Member", related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    came_at = models.DateTimeField(null=True)
    undone = models.PositiveSmallIntegerField(default=0, db_default=0)  # how often all of it was taken back

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "friend"], name="loyalty_referral_once")]

    def __str__(self) -> str:
        return f"{self.referrer_id} → {self.friend_id}"
