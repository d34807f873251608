"""Codes on packaging and from partners: batches of them, and who entered which."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from core.tenancy import TenantKey, TenantModel


class CodeBatch(TenantModel):
    """Codes that were made together. There is no row for each: `codes/texts.py` makes them out of `number`.

    With a `word` there is one code only, which may be entered `size` times; else there are `size` codes, for once each.
    The name never changes: rules ask for it. Days are the shop's, both within.
    """

    number = models.PositiveIntegerField()  # of the merchant's batches the first is 1
    name = models.CharField(max_length=60)
    source = models.CharField(
        max_length=60, blank=True
    )  # the partner, the product, the leaflet that carries them
    word = models.CharField(max_length=30, blank=True)
    size = models.PositiveIntegerField()
    per_member = models.PositiveIntegerField(null=True)  # so many of them for one member; None is no limit
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    used = models.PositiveIntegerField(default=0)
    made_by = models.UUIDField(null=True)  # the staff member or API key
    made_at = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["merchant", "number"], name="loyalty_batch_number"),
            models.UniqueConstraint(F("merchant"), Lower("name"), name="loyalty_batch_name"),
            models.UniqueConstraint(
                fields=["merchant", "word"], condition=~Q(word=""), name="loyalty_batch_word"
            ),
            models.CheckConstraint(condition=Q(used__lte=F("size")), name="loyalty_batch_not_overdrawn"),
        ]

    def __str__(self) -> str:
        return self.name


class CodeUse(TenantModel):
    """One code, entered by one member. Its id is that of the happening which tells what it gave.

    `serial`: which code of the batch; of a word, which time. Written once, never changed: that a code serves once is this
    table's key.
    """

    batch = TenantKey(CodeBatch, related_name="+")
    serial = models.PositiveIntegerField()
    member = TenantKey("members.Member", related_name="+")
    used_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["merchant", "batch", "serial"], name="loyalty_code_once"),
        ]
        indexes = [models.Index(fields=["merchant", "member", "batch"], name="loyalty_codes_of_member")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.serial}"
