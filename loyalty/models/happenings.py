"""What members did but buy: they joined, came by, wrote a review, did what a programme of their merchant's own tells of."""

from django.db import models
from django.utils import timezone

from core.tenancy import TenantKey, TenantModel


class Happening(TenantModel):
    """An event that rules were asked about, and why it earned what it earned. Written once; never changed.

    But that it may be taken back, once, and that erasing the member blanks the name, and the day of a birthday.
    Its id is the cause of what it gave in the books. That of a joining is the member's own.
    """

    member = TenantKey("members.Member", related_name="+")
    trigger = models.CharField(max_length=20)  # as `rules.types.Trigger`
    name = models.CharField(
        max_length=60, blank=True
    )  # of a custom event, or of the occasion; in small letters
    location = TenantKey("merchants.Location", null=True, related_name="+")
    # Through which door it came, as `Purchase.Channel`; "desk", "card"; empty for what happens by itself.
    channel = models.CharField(max_length=10, blank=True, db_default="")
    is_static = models.BooleanField(
        default=False, db_default=False
    )  # whether a printed code named the member
    actor_id = models.UUIDField(null=True)  # the staff member or API key
    programme_version = models.PositiveIntegerField()
    reasons = models.JSONField(default=list)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["merchant", "member", "-occurred_at"], name="loyalty_happening_story")
        ]

    def __str__(self) -> str:
        return self.name or self.trigger
