"""Finding members."""

from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from core.text import fold
from members.cards import CardExpired, CardRevoked, MemberUnknown, Scanned
from members.models import Card, Consent, Member


def members() -> QuerySet[Member]:
    """All members of the current merchant. Who was erased is none."""
    return Member.objects.filter(erased_at=None)


def erased_ids() -> QuerySet[Member, UUID]:
    """Who was erased, for lists made from rows that know a member by its id alone."""
    return Member.objects.filter(erased_at__isnull=False).values_list("id", flat=True)


def search(text: str) -> QuerySet[Member]:
    """Members of the current merchant whose name, phone or e-mail holds the text, newest first."""
    found = members().order_by("-joined_at", "-id")
    for word in fold(text).split()[:5]:
        found = found.filter(search__contains=word.lstrip("+0") or word)
    return found


def member(member_id: UUID) -> Member:
    """Raises MemberUnknown."""
    found = members().filter(id=member_id).first()
    if found is None:
        raise MemberUnknown
    return found


def member_to_change(member_id: UUID) -> Member:
    """As `member`, locked until the transaction ends: two changes at once follow each other. Raises MemberUnknown."""
    found = members().select_for_update(of=("self",)).filter(id=member_id).first()
    if found is None:
        raise MemberUnknown
    return found


def card_of(member: Member) -> Card:
    """The member's card."""
    return Card.objects.get(member=member)


def card_and_member(member_id: UUID) -> tuple[Card, Member]:
    """A member and its card, in one query. Raises MemberUnknown."""
    card = Card.objects.select_related("member").filter(member_id=member_id, member__erased_at=None).first()
    if card is None:
        raise MemberUnknown
    return card, card.member


def card_member_and_consents(member_id: UUID) -> tuple[Card, Member, dict[str, bool]]:
    """The same with the answers that hold, as `profiles.consents_of`, still in one query. Raises MemberUnknown."""
    mine = Consent.objects.filter(member_id=OuterRef("member_id")).order_by("-recorded_at", "-id")
    answers = {
        f"agreed_{purpose}": Subquery(mine.filter(purpose=purpose).values("given")[:1])
        for purpose in Consent.Purpose.values
    }
    found = Card.objects.select_related("member").filter(member_id=member_id, member__erased_at=None)
    card = found.annotate(**answers).first()
    if card is None:
        raise MemberUnknown
    given = {purpose: getattr(card, f"agreed_{purpose}") for purpose in Consent.Purpose.values}
    return card, card.member, {purpose: answer for purpose, answer in given.items() if answer is not None}


def card_with_member(member_id: UUID, *, generation: int) -> Card | None:
    """The member's card, and the member in it, if the card is still of this generation. One query."""
    return Card.objects.select_related("member").filter(member_id=member_id, generation=generation).first()


def by_contact(*, phone: str = "", email: str = "") -> Member | None:
    """The member with this number (E.164) or address (lower case)."""
    if phone:
        return Member.objects.filter(phone=phone).first()
    return Member.objects.filter(email=email).first() if email else None


def scanned(code: Scanned) -> Member:
    """The member that a scanned text names. Raises MemberUnknown, CardExpired, CardRevoked."""
    if code.expired:
        raise CardExpired
    if code.member_id is not None:
        return member(code.member_id)
    if code.phone is not None:
        found = by_contact(phone=code.phone)
        if found is None:
            raise MemberUnknown
        return found
    by = {"serial": code.serial} if code.serial is not None else {"spoken_code": code.spoken_code}
    card = Card.objects.select_related("member").filter(**by).first()
    if card is None:
        raise MemberUnknown
    if code.serial is not None and card.generation != code.generation:
        raise CardRevoked
    return card.member
