"""What a draft would have done, played in the background and kept: who asked for it may close the page meanwhile."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.jobs import Work
from core.tenancy import TenantKey, TenantModel


class Rehearsal(Work, TenantModel):
    """A draft as it was when somebody asked, and what came of it. A worker shows in `seen_at` that it is at work.

    `result` is described in `loyalty.rehearsal.rehearsing`; finished without one, it has failed.
    """

    definition = models.JSONField()
    revision = models.PositiveIntegerField()  # of the draft
    since = models.DateTimeField()
    until = models.DateTimeField()
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = TenantKey("merchants.StaffMember", null=True, related_name="+")
    total = models.PositiveIntegerField(
        default=0
    )  # purchases and other events to play; 0 until they are counted
    done = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    # Everybody whom it changes, which may be many: {"units": {id: [[member, more], most first]}, "tiers": [[member, from, to]]}.
    changes = models.JSONField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(
                fields=["merchant", "id"], name="loyalty_rehearsal_waiting", condition=Q(finished_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.revision}: {self.percent} %"

    @property
    def succeeded(self) -> bool:
        """Whether it was played to its end."""
        return self.result is not None
