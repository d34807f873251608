"""Where the machine plays: two shops with accounts in which nothing has happened yet."""

from core import tenancy
from loyalty.ledger import postings
from loyalty.membership import joining
from loyalty.models import Unit
from merchants.models import Merchant
from tests.loyalty.books.sealed import Shop


def make_shop(merchant: Merchant) -> Shop:
    """Three members with an account in one unit, and the first one's in another."""
    with tenancy.scope(merchant.id):
        one, other = (Unit.objects.create(code=code, names={}) for code in ("bean", "leaf"))
        ids = [
            joining.enrol_member(
                merchant=merchant, name=name, email=f"{name}@example.org", source="join"
            ).member.id
            for name in ("Ana", "Ben", "Cleo")
        ]
        accounts = [*postings.open_accounts(member_ids=ids, unit_id=one.id).values()]
        return Shop(merchant.id, (*accounts, postings.open_account(member_id=ids[0], unit_id=other.id)))


def make_shops(*merchants: Merchant) -> tuple[Shop, ...]:
    """One at each."""
    return tuple(make_shop(merchant) for merchant in merchants)
