"""Messages to members."""

from typing import Literal

from django.db import models
from django.utils import timezone

from core.tenancy import TenantKey, TenantModel

Kind = Literal["points", "confirmation", "moved", "tier_warning", "voucher"]


class Message(TenantModel):
    """One message to one member. Written with the event's delivery, sent after it, at least once."""

    member = TenantKey("members.Member", related_name="+")
    event_id = models.UUIDField()
    kind = models.CharField(max_length=30)  # a Kind
    content = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)  # instead: there was no reason to send it any more

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["merchant", "event_id", "kind"], name="notifications_once")
        ]

    def __str__(self) -> str:
        return self.kind
