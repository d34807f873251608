"""A member's lock, and trying again: what was judged on what is not true any more is judged anew, so often and no more."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from loyalty.ledger import postings
from loyalty.models import Standing
from members.queries import ids_of, survivor_id

# Under the lock only publishing can still come in between, and who takes the first of a budget.
TRIES_UNDER_LOCK = 5


class TooBusy(DomainError):
    """The programme changed under every try. Nothing was written; the same key may try again."""

    code = "busy"
    message = _("This could not be done just now. Try again in a moment.")


def lock_member(member_id: UUID) -> UUID:
    """Lock the accounts and the standing of a member, or of the one into whom it was merged. Returns whose they are.

    Raises TooBusy.
    """
    for _again in range(TRIES_UNDER_LOCK):
        owner_id = survivor_id(member_id)
        ids = sorted(ids_of(owner_id))
        with transaction.atomic():
            for each in ids:  # as a merge does it: what is undone may be in the account of any of them
                postings.lock(each)
            list(Standing.objects.select_for_update().filter(member_id=owner_id))
            if survivor_id(member_id) == owner_id and sorted(ids_of(owner_id)) == ids:
                return owner_id
            transaction.set_rollback(True)  # merged or parted while we waited: lets go of these locks again
    raise TooBusy
