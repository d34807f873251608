"""Figures counted once a day, so that no page adds up purchases."""

from django.db import models

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
