"""Figures counted once a day, so that no page adds up purchases."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.tenancy import TenantModel


class DailyFigure(TenantModel):
    """What one merchant did on one local day. Kept by `rollups`, from events; rebuilt by the same definition.

    For a moment a count may be below zero: what takes out may be delivered before what put in.
    """

    day = models.DateField()
    purchases = models.IntegerField(default=0)
    spend_minor = models.BigIntegerField(default=0)
    units_given = models.BigIntegerField(default=0)
    units_used = models.BigIntegerField(default=0)
    joined = models.PositiveIntegerField(default=0)
    visitors = models.IntegerField(default=0)  # members who came, each counted once
    returned = models.IntegerField(default=0)  # those of them who had come in the thirty days before

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "day"], name="analytics_one_a_day")]

    def __str__(self) -> str:
        return str(self.day)


class Aim(TenantModel):
    """What a merchant wants to reach by a day, one at a time. `target` counts what `kind` says; a share in percent."""

    class Kind(models.TextChoices):
        """How each is counted: `aims`."""

        MEMBERS = "members", _("Members")
        VISITS = "visits", _("Visits of members in 30 days")
        CAME_BACK = "came_back", _("Members who come back, in 100")
        UNITS = "units", _("Points given, at most")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    target = models.PositiveBigIntegerField()
    since = models.DateField()
    by = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["merchant"], condition=Q(closed_on=None), name="analytics_one_aim_open"
            ),
            models.CheckConstraint(
                condition=Q(target__gt=0) & Q(by__gt=models.F("since")), name="analytics_aim_makes_sense"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.kind} by {self.by}"
