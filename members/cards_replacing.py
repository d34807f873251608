"""Replacing a card: from then on its older codes, links and browsers open nothing. Points and the spoken code stay."""

from django.db.models import F, Q

from core import events
from members.models import Card, Member


def replace_card(*, member: Member, actor: str) -> Card:
    """Raise the generation of the member's card, and of the cards of who was merged into it: nobody knows which was lost.

    `actor`: who did it, an id or "member".
    """
    leading_here = Q(member=member) | Q(member__merged_into=member)
    Card.objects.filter(leading_here).update(generation=F("generation") + 1)
    events.record("card.replaced", {"member": str(member.id), "actor": actor})
    return Card.objects.get(member=member)
