"""Finding members."""

from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, OuterRef, Q, QuerySet, Subquery

from core.text import fold
from members.cards import CardExpired, CardRevoked, MemberUnknown, Scanned
from members.models import Card, Consent, Member


def members() -> QuerySet[Member]:
    """All members of the current merchant. Who was erased is none, and who was merged into another is that one."""
    return Member.objects.filter(erased_at=None, merged_into=None)


def gone_ids() -> QuerySet[Member, UUID]:
    """Who was erased or merged into another, for lists made from rows that know a member by its id alone."""
    gone = Q(erased_at__isnull=False) | Q(merged_into__isnull=False)
    return Member.objects.filter(gone).values_list("id", flat=True)


def search(text: str) -> QuerySet[Member]:
    """Members of the current merchant whose name, phone or e-mail holds the text, newest first.

    What was known of who was merged into a member finds that member.
    """
    held = Q()
    for word in fold(text).split()[:5]:
        held &= Q(search__contains=word.lstrip("+0") or word)
    found = members().order_by("-joined_at", "-id")
    if not held:
        return found
    merged = Member.objects.filter(held, merged_into__isnull=False)
    return found.filter(held | Q(_is_any(ArraySubquery(merged.values("merged_into_id")))))


def _is_any(ids: ArraySubquery) -> Func:
    """Whether a member is one of these: of an array the planner expects few, of a subquery half the table."""
    return Func(F("id"), ids, template="%(expressions)s)", arg_joiner=" = ANY (", output_field=BooleanField())


def member(member_id: UUID) -> Member:
    """The member, or the one it was merged into. Raises MemberUnknown."""
    found = Member.objects.select_related("merged_into").filter(id=member_id, erased_at=None).first()
    if found is None:
        raise MemberUnknown
    return found.survivor


def member_to_change(member_id: UUID) -> Member:
    """As `member`, locked until the transaction ends: two changes at once follow each other. Raises MemberUnknown."""
    locked = members().select_for_update(of=("self",))
    found = locked.filter(id=member_id).first() or locked.filter(id=survivor_id(member_id)).first()
    if found is None:
        raise MemberUnknown
    return found


def survivor_id(member_id: UUID) -> UUID:
    """Whom this id means today: the member itself, or the one it was merged into."""
    into = Member.objects.filter(id=member_id).values_list("merged_into_id", flat=True).first()
    return into or member_id


def ids_of(member_id: UUID) -> list[UUID]:
    """All ids under which a member's purchases and messages are kept: its own, and of those merged into it."""
    return [member_id, *(merged.id for merged in merged_into(member_id))]


def merged_member(member_id: UUID) -> Member:
    """A member that was merged, as itself, with whom it became. Raises MemberUnknown."""
    found = Member.objects.select_related("merged_into").filter(id=member_id, erased_at=None).first()
    if found is None:
        raise MemberUnknown
    return found


def merged_into(member_id: UUID) -> list[Member]:
    """Who was merged into this member, the latest first."""
    return list(Member.objects.filter(merged_into_id=member_id, erased_at=None).order_by("-merged_at", "-id"))


def card_of(member: Member) -> Card:
    """The member's card."""
    return Card.objects.get(member=member)


def card_and_member(member_id: UUID) -> tuple[Card, Member]:
    """A member and its card, in one query. Raises MemberUnknown, for who was merged too."""
    card = _cards().filter(member_id=member_id).first()
    if card is None:
        raise MemberUnknown
    return card, card.member


def card_member_and_consents(
    member_id: UUID, **beside: Subquery
) -> tuple[Card, Member, dict[str, bool], list[UUID], dict[str, Any]]:
    """The same with the answers that hold, as `profiles.consents_of`, the ids of who was merged into the member, and what rooms
    above keep `beside`: by their names, of the `member_id` outside.

    Still one query. Raises MemberUnknown.
    """
    mine = Consent.objects.filter(member_id=OuterRef("member_id")).order_by("-recorded_at", "-id")
    answers = {
        f"agreed_{purpose}": Subquery(mine.filter(purpose=purpose).values("given")[:1])
        for purpose in Consent.Purpose.values
    }
    merged = ArraySubquery(Member.objects.filter(merged_into_id=OuterRef("member_id")).values("id"))
    card = _cards().filter(member_id=member_id).annotate(merged_ids=merged, **answers, **beside).first()
    if card is None:
        raise MemberUnknown
    given = {purpose: getattr(card, f"agreed_{purpose}") for purpose in Consent.Purpose.values}
    answered = {purpose: answer for purpose, answer in given.items() if answer is not None}
    told = {name: getattr(card, name) for name in beside}
    return card, card.member, answered, list(card.merged_ids), told


def _cards() -> QuerySet[Card]:
    return Card.objects.select_related("member").filter(member__erased_at=None, member__merged_into=None)


def card_with_member(member_id: UUID, *, generation: int) -> tuple[Card, Member] | None:
    """This member's own card if it is still of this generation, and whom it opens today: itself, or the one it was merged
    into. One query.
    """
    cards = Card.objects.select_related("member__merged_into")
    card = cards.filter(member_id=member_id, generation=generation).first()
    return None if card is None else (card, card.member.survivor)


def by_contact(*, phone: str = "", email: str = "") -> Member | None:
    """The member with this number (E.164) or address (lower case), or whom it was merged into."""
    found = _with_contact(phone=phone, email=email)
    return found and found.survivor


def who_reads(email: str) -> Member | None:
    """Whose letters to this address open a card: its member, or one merged into another who had proven it before.

    An address that nobody proved may be a stranger's, and a merge must not open one more card to it.
    """
    found = _with_contact(email=email)
    return None if found is None or (found.merged_into and not found.email_verified_at) else found


def _with_contact(*, phone: str = "", email: str = "") -> Member | None:
    found = Member.objects.select_related("merged_into")
    if phone:
        return found.filter(phone=phone).first()
    return found.filter(email=email).first() if email else None


def letters_open(card: Card) -> bool:
    """Whether a link in an old letter to the card's own member still opens it: see `who_reads`. No query but for who was
    merged.
    """
    own = card.member
    if own.merged_into is None:
        return True
    reader = own.merged_into if "email" in own.gave else own
    return reader.email_verified_at is not None


def scanned(code: Scanned) -> Member:
    """The member that a scanned text names, or whom it was merged into. Raises MemberUnknown, CardExpired, CardRevoked."""
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
    card = Card.objects.select_related("member__merged_into").filter(**by).first()
    if card is None:
        raise MemberUnknown
    if code.serial is not None and card.generation != code.generation:
        raise CardRevoked
    return card.member.survivor


def is_used(code: Scanned) -> bool:
    """Whether a rotating code, or a later one of its card, has served a purchase."""
    if code.serial is None or code.step is None:
        return False
    return Card.objects.filter(serial=code.serial, last_step__gte=code.step).exists()
