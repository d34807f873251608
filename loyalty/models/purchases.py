"""What members bought, what went back of it, and what somebody wrote beside it."""

from typing import Any

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy import TenantKey, TenantModel


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
    # What of the amount is what, in minor units: tax_minor, tip_minor, paid_in_units_minor; and discount_minor, which is off
    # it already. `payment` is how it was paid, `static` that a printed code named the member. What is usual is left out.
    bill = models.JSONField(default=dict, db_default={})
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
    def told(self) -> list[dict[str, Any]]:
        """The reasons that are read out. The others are kept for what they left in the member's memory alone."""
        return [reason for reason in self.reasons if not reason.get("silent")]

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
