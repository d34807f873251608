"""Reading the books: where what is set aside is by now, for a merge carries it along."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Sum

from loyalty.ledger.models import Account, Entry, Hold, Movement


def account_of(hold_id: UUID) -> UUID:
    """In which account its units are, or were when it ended."""
    return Hold.objects.values_list("account_id", flat=True).get(id=hold_id)


def member_of(entry_id: UUID) -> UUID | None:
    """In whose account an entry is that ended one; None where there is none."""
    entry = Entry.objects.filter(id=entry_id).values("account_id")
    return Account.objects.filter(id__in=entry).values_list("member_id", flat=True).first()


def carried_by(entry_id: UUID) -> int:
    """How many units this entry of a merge carried along that are set aside still. `entry_id`: of the account that received."""
    came = Movement.objects.filter(
        account_id=OuterRef("account_id"), seq=OuterRef("first_seq"), entry_id=entry_id
    )
    held = Hold.objects.filter(Exists(came), closed_by=None).aggregate(units=Sum("amount"))
    return int(held["units"] or 0)
