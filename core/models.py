"""Three tables under every verb: what happened and is not yet delivered, what was answered, who changed what."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from core.tenancy import TenantManager, TenantModel


class Event(TenantModel):
    """A row of the outbox: a fact, written in the transaction of its change, deleted when all subscribers have had it."""

    name = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    recorded_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = ArrayField(models.CharField(max_length=80), default=list)
    last_error = models.TextField(default="", blank=True)

    class Meta(TenantModel.Meta):
        pass

    def __str__(self) -> str:
        return self.name


class Answer(models.Model):
    """What was answered under an idempotency key: repeated for ever. Erasing a member blanks the body, not the key."""

    key = models.UUIDField(primary_key=True)
    merchant = models.ForeignKey(
        "merchants.Merchant", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    fingerprint = models.BinaryField()
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    member_id = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = TenantManager()

    class Meta:
        base_manager_name = "objects"

    def __str__(self) -> str:
        return str(self.key)


class AuditRow(TenantModel):
    """What was changed, by whom: a staff member, an API key or the system. Written once; says no personal data."""

    name = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    # Of whom it tells, as its payload has it: row security lets no index look into that for the app.
    member_id = models.UUIDField(null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        indexes = [
            # What became of a member, for its story.
            models.Index(
                fields=["merchant", "member_id", "occurred_at"],
                name="core_auditrow_member",
                condition=models.Q(member_id__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name
