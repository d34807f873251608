"""Making a member: who it is, how to reach it, what it agreed to, and its card. No points: see `loyalty.membership.joining`."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import Decline, DomainError
from core.ids import id_at
from core.text import fold, read_text
from members.cards import new_card
from members.contacts import read_email, read_phone, region_of
from members.models import Card, Consent, Member
from merchants.models import Location, Merchant

AT_ONCE = 1000  # rows a statement; PostgreSQL takes 65,535 values in one


class ContactMissing(DomainError):
    """Neither a phone number nor an e-mail address."""

    code = "contact_missing"
    message = _("Give a phone number or an e-mail address.")
    field = "phone"


class AlreadyMember(Decline):
    """The phone number or the address belongs to a member of this merchant."""

    code = "member_exists"
    message = _("There is a member with this phone number or e-mail already.")


class LanguageUnknown(DomainError):
    """A language we do not speak."""

    code = "locale_unknown"
    message = _("Choose one of: %(known)s.")
    field = "locale"


class BirthdayImpossible(DomainError):
    """Not a day in the past hundred and twenty years."""

    code = "birthday_impossible"
    message = _("Write the birthday as year-month-day, in the past. Example: 1990-05-24.")
    field = "birthday"


@dataclass(frozen=True)
class Profile:
    """What a member says of itself, read and checked."""

    name: str
    phone: str
    email: str
    locale: str
    birthday: dt.date | None

    @property
    def search(self) -> str:
        """The column that search looks in."""
        return fold(f"{self.name} {self.phone} {self.email}")[:400]


def read_profile(
    *, merchant: Merchant, name: str, phone: str, email: str, locale: str, birthday: str | dt.date | None
) -> Profile:
    """Checked values. Raises ContactMissing, PhoneUnreadable, EmailUnreadable, LanguageUnknown, BirthdayImpossible."""
    profile = Profile(
        name=read_text(name, limit=80, field="name"),
        phone=read_phone(phone, region=region_of(merchant.time_zone)),
        email=read_email(email),
        locale=_read_locale(locale or merchant.locale),
        birthday=read_birthday(birthday),
    )
    if not profile.phone and not profile.email:
        raise ContactMissing
    return profile


def create_member(
    *,
    profile: Profile,
    consents: dict[str, bool],
    source: str,
    location: Location | None = None,
    joined_at: dt.datetime | None = None,
) -> tuple[Member, Card]:
    """A member of the current merchant, with its card. Raises AlreadyMember."""
    _refuse_taken(profile)
    member = _unsaved(profile, location.id if location else None, joined_at or timezone.now())
    try:
        with transaction.atomic():
            member.save(force_insert=True)
    except IntegrityError:  # somebody joined at the same moment, and is seen now
        _refuse_taken(profile)
        raise AlreadyMember from None
    for purpose, given in consents.items():
        Consent.objects.create(member=member, purpose=purpose, given=given, source=source)
    return member, _save_card(member)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who joined, for `create_members`."""

    profile: Profile
    source: str
    joined_at: dt.datetime
    location_id: UUID | None = None
    consents: Mapping[str, bool] = field(default_factory=dict)


def create_members(newcomers: Sequence[Newcomer]) -> list[Member]:
    """Members of the current merchant with their cards, many in a few trips, all or none. Raises AlreadyMember."""
    members = [_unsaved(each.profile, each.location_id, each.joined_at) for each in newcomers]
    consents = [
        Consent(member=member, purpose=purpose, given=given, source=each.source, recorded_at=each.joined_at)
        for each, member in zip(newcomers, members, strict=True)
        for purpose, given in each.consents.items()
    ]
    try:
        with transaction.atomic():
            Member.objects.bulk_create(members, batch_size=AT_ONCE)
            Consent.objects.bulk_create(consents, batch_size=AT_ONCE)
    except IntegrityError:
        raise AlreadyMember from None
    _save_cards(members)
    return members


def _save_cards(members: Sequence[Member]) -> None:
    """As `_save_card`: where one of many collided, all draw again."""
    while True:
        try:
            with transaction.atomic():
                Card.objects.bulk_create([new_card(member.id) for member in members], batch_size=AT_ONCE)
            return
        except IntegrityError:
            continue


def _unsaved(profile: Profile, location_id: UUID | None, joined_at: dt.datetime) -> Member:
    return Member(
        id=id_at(
            joined_at
        ),  # lists sort by id: who joined long ago and is written now belongs where it joined
        name=profile.name,
        phone=profile.phone,
        email=profile.email,
        locale=profile.locale,
        birthday=profile.birthday,
        search=profile.search,
        location_id=location_id,
        joined_at=joined_at,
    )


def _save_card(member: Member) -> Card:
    """Thirty to the sixth spoken codes: a collision is rare, and another draw settles it."""
    while True:
        card = new_card(member.id)
        try:
            with transaction.atomic():
                card.save(force_insert=True)
            return card
        except IntegrityError:
            continue


def _refuse_taken(profile: Profile) -> None:
    for name, value in (("phone", profile.phone), ("email", profile.email)):
        somebody = Member.objects.filter(**{name: value}).first() if value else None
        if somebody is not None:
            raise AlreadyMember(field=name, member_id=somebody.id)


def _read_locale(text: str) -> str:
    known = [code for code, _name in settings.LANGUAGES]
    short = text.replace("_", "-").partition("-")[0].lower()
    if short not in known:
        raise LanguageUnknown(known=", ".join(known))
    return short


def read_birthday(value: str | dt.date | None) -> dt.date | None:
    """A day, or its ISO text; nothing stays nothing. Raises BirthdayImpossible."""
    if not value:
        return None
    try:
        day = value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    except ValueError:
        raise BirthdayImpossible from None
    today = timezone.now().date()
    if not today.replace(year=today.year - 120, day=1) <= day <= today:
        raise BirthdayImpossible
    return day
