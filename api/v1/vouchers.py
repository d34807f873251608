"""Vouchers: read by their code, used once, and those that a member has."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse

from api.authentication import require
from api.errors import repeat
from api.fields import Fields
from api.parsing import read_optional
from api.v1 import document_vouchers as document
from api.v1.members import read_member_id
from api.views import Endpoint, answer, read_idempotency_key
from core.ids import IdUnreadable, public_id
from loyalty.purchases.undoing import PurchaseUnknown
from members.queries import member as find_member
from merchants.access import Scope
from rewards.saying import name_of
from rewards.vouchers import Voucher, find_voucher, redeem_voucher, vouchers_of

USING = frozenset({"location", "purchase"})


class Vouchers(Endpoint):
    """What a member can use."""

    scopes: ClassVar[dict[str, Scope]] = {"GET": Scope.WRITE_REDEMPTIONS}

    @document.vouchers_list
    def get(self, request: HttpRequest, member_id: str) -> HttpResponse:
        """What runs out first comes first."""
        self.query()
        require(self.key, Scope.READ_MEMBERS)  # else who has one code of a member finds all its others
        member = find_member(read_member_id(member_id))
        items = [_say(one) for one in vouchers_of(member, self.merchant)]
        return answer({"items": items, "next": None})


class OneVoucher(Endpoint):
    """One voucher, for whoever has its code."""

    scopes: ClassVar[dict[str, Scope]] = {"GET": Scope.WRITE_REDEMPTIONS}

    @document.voucher_read
    def get(self, request: HttpRequest, voucher_code: str) -> HttpResponse:
        """As it is now; why it is not good any more, if so."""
        self.query()
        return answer(_say(find_voucher(voucher_code, self.merchant)))


class VoucherRedemptions(Endpoint):
    """A voucher is used."""

    scopes: ClassVar[dict[str, Scope]] = {"POST": Scope.WRITE_REDEMPTIONS}

    @document.voucher_redeem
    def post(self, request: HttpRequest, voucher_code: str) -> HttpResponse:
        """Once."""
        self.query()
        key = read_idempotency_key(self.request._request)
        body = Fields(read_optional(self.request._request), USING)
        try:
            purchase_id = body.id("purchase", "pur")
        except IdUnreadable:
            raise PurchaseUnknown(field="purchase") from None
        return repeat(
            redeem_voucher(
                merchant=self.merchant,
                text=voucher_code,
                key=key,
                actor_id=self.key.id,
                location_id=body.id("location", "loc"),
                purchase_id=purchase_id,
            )
        )


def _say(voucher: Voucher) -> dict[str, Any]:
    redemption, member = voucher.redemption, voucher.member
    return {
        "code": voucher.code,
        "state": voucher.state,
        "why": voucher.why,
        "last_on": voucher.last_on.isoformat(),
        "redemption": public_id("red", redemption.id),
        "reward": {"id": public_id("rwd", redemption.reward_id), "name": name_of(redemption)},
        "member": {"id": public_id("mem", member.id), "name": member.name},
        "cost": {"unit": redemption.unit.code, "amount": redemption.cost},
    }
