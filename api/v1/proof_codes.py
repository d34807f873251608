"""The code by e-mail with which a member who stands at a counter without the live card lets units be spent there.

Look-ups that found nobody are counted by key, as at a till by cashier: whoever tries a list of numbers is stopped.
"""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from api.errors import repeat
from api.v1 import document_proof_codes as document
from api.v1.new_purchases import WHO, read_who
from api.views import Endpoint, answer, read_idempotency_key
from core.idempotency import answer_once, fingerprint_of
from core.rate_limits import count_if_counting, refuse_if_counting
from members.cards import MemberUnknown, Scanned
from members.models import Member
from members.queries import scanned
from merchants.access import Scope
from rewards.proof import CODE_DIGITS, CODE_SECONDS, ask_code

MOST_MISSES, MISSES_SECONDS = 300, 600  # behind a key is a chain of tills
SAID = {"digits": CODE_DIGITS, "good_for_seconds": CODE_SECONDS}


class ProofCodes(Endpoint):
    """Codes that were asked for."""

    scopes: ClassVar[dict[str, Scope]] = {"POST": Scope.WRITE_REDEMPTIONS}

    @document.proof_code_ask
    def post(self, request: HttpRequest) -> HttpResponse:
        """Send one; or say what that would do. A repetition sends no second one."""
        dry_run = self.query("dry_run").flag("dry_run")
        key = None if dry_run else read_idempotency_key(self.request._request)
        body = self.body(frozenset(WHO))
        who = read_who(body, self.merchant)

        def ask() -> tuple[int, dict[str, Any], UUID | None]:
            member = self._member(who)
            ask_code(member=member, actor_id=self.key.id, channel="api")
            return 201, SAID, member.id

        if key is None:
            self._member(who)
            return answer({"dry_run": True} | SAID)
        return repeat(answer_once(key, fingerprint_of("proof code", body.values), ask))

    def _member(self, who: Scanned) -> Member:
        """Raises MemberUnknown, as `scanned` does; TooManyTries for what is typed, once this key has missed too often."""
        if who.serial is None:
            refuse_if_counting("proof-code-missed", self.key.id, most=MOST_MISSES)
        try:
            return scanned(who)
        except MemberUnknown:
            count_if_counting("proof-code-missed", self.key.id, most=MOST_MISSES, seconds=MISSES_SECONDS)
            raise
