"""Reading the books. Unmanaged: the tables are made by `sql/`, and Python never writes them."""

from django.db import models

from core.tenancy import TenantManager


class LedgerRow(models.Model):
    """What every table of the books shares."""

    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.DO_NOTHING, related_name="+")

    objects = TenantManager()

    class Meta:
        abstract = True
        managed = False
        base_manager_name = "objects"


class Account(LedgerRow):
    """One member's balance in one unit."""

    id = models.UUIDField(primary_key=True)
    member_id = models.UUIDField()
    unit_id = models.UUIDField()
    available = models.BigIntegerField()
    pending = models.BigIntegerField()
    held = models.BigIntegerField()
    debt = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    opened_at = models.DateTimeField()

    class Meta(LedgerRow.Meta):
        db_table = "ledger_account"

    def __str__(self) -> str:
        return str(self.id)


class Lot(LedgerRow):
    """Units awarded together, with one expiry."""

    id = models.UUIDField(primary_key=True)
    account_id = models.UUIDField()
    entry_id = models.UUIDField()
    seq = models.BigIntegerField()
    granted = models.BigIntegerField()
    pending = models.BigIntegerField()
    available = models.BigIntegerField()
    held = models.BigIntegerField()
    spent = models.BigIntegerField()
    expired = models.BigIntegerField()
    revoked = models.BigIntegerField()
    repaid = models.BigIntegerField()
    moved = models.BigIntegerField()
    vests_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    came_from = models.UUIDField(null=True)

    class Meta(LedgerRow.Meta):
        db_table = "ledger_lot"

    def __str__(self) -> str:
        return str(self.id)


class Entry(LedgerRow):
    """One operation, posted or declined. Its id is its idempotency key."""

    id = models.UUIDField(primary_key=True)
    account_id = models.UUIDField()
    kind = models.CharField(max_length=10)
    outcome = models.CharField(max_length=30)
    amount = models.BigIntegerField()
    available_after = models.BigIntegerField()  # less what is owed: below zero, a debt
    owed = models.BigIntegerField()  # what this entry made a debt, or took over from a merged account
    refers_to = models.UUIDField(null=True)  # the entry that this one closes or undoes
    last_seq = models.BigIntegerField()
    fingerprint = models.BinaryField()
    reasons = models.JSONField()
    cause_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta(LedgerRow.Meta):
        db_table = "ledger_entry"

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}: {self.outcome}"


class Movement(LedgerRow):
    """Units of a lot, moved from one bucket to another."""

    pk = models.CompositePrimaryKey("merchant_id", "account_id", "seq")
    account_id = models.UUIDField()
    seq = models.BigIntegerField()
    entry_id = models.UUIDField()
    lot_id = models.UUIDField()
    source = models.CharField(max_length=10)
    target = models.CharField(max_length=10)
    amount = models.BigIntegerField()
    extends_to = models.DateTimeField(null=True)

    class Meta(LedgerRow.Meta):
        db_table = "ledger_movement"

    def __str__(self) -> str:
        return f"{self.seq}: {self.source} → {self.target} {self.amount}"


class Hold(LedgerRow):
    """Units set aside until a moment. Its id is its entry's; `closed_by` is the entry that ended it.

    `account_id` is where its units are: a merge carries it along. Then those movements set them aside there.
    """

    id = models.UUIDField(primary_key=True)
    account_id = models.UUIDField()
    amount = models.BigIntegerField()
    until = models.DateTimeField()
    closed_by = models.UUIDField(null=True)
    first_seq = models.BigIntegerField(null=True)
    last_seq = models.BigIntegerField(null=True)

    class Meta(LedgerRow.Meta):
        db_table = "ledger_hold"

    def __str__(self) -> str:
        return f"{self.amount} until {self.until}"
