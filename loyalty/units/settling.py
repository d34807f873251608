"""What is due by itself, all over the service: holds whose time is out, units that vest, units that die.

Nobody depends on it: an operation settles its own account first. It is for those whom no operation touches, so that they
are told, and counted, on the day. After a week of silence it does the week's work.
"""

import logging
from collections import defaultdict
from uuid import UUID

from django.utils import timezone

from core import tenancy
from core.jobs import jobs_connection
from loyalty.ledger import postings, statements
from members.queries import survivor_id

logger = logging.getLogger(__name__)


def due_accounts(most: int = 1000) -> dict[UUID, list[UUID]]:
    """Accounts in which something is due, by merchant, in one order for all who ask."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    with jobs_connection() as jobs:
        for merchant_id, account_id in jobs.execute(statements.DUE, {"most": most}):
            found[merchant_id].append(account_id)
    return {merchant_id: sorted(ids) for merchant_id, ids in found.items()}


def settle_accounts(merchant_id: UUID, account_ids: list[UUID]) -> int:
    """Settle these accounts of one merchant, each in a transaction of its own. Returns how many entries that took.

    Repeating it, or doing it twice at once, does nothing more.
    """
    done = 0
    for account_id in account_ids:
        try:
            with tenancy.scope(merchant_id):
                done += postings.settle(account_id=account_id, now=timezone.now())
        except Exception:  # the edge: the accounts behind this one must not wait for it
            logger.exception("account %s was not settled", account_id)
    return done


def settle_units(member_id: UUID, unit_id: UUID) -> None:
    """Settle what a member, or who it was merged into, has of one unit, before the sweep comes by. In the merchant's scope."""
    owner_id = survivor_id(member_id)
    account_id = postings.open_account(member_id=owner_id, unit_id=unit_id)
    settle_accounts(tenancy.current_merchant_id(), [account_id])
