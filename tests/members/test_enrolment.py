"""Becoming a member, and changing what is known of one."""

import datetime as dt

import pytest

from core import tenancy
from core.errors import DomainError
from loyalty.membership import joining
from loyalty.models import Standing
from members import enrolment, profiles, queries
from members.contacts import EmailUnreadable, PhoneUnreadable
from members.models import Consent, Member
from tests.world import points_of


@pytest.fixture
def enrol(world):
    """Enrol at Aroma."""

    def do(**fields):
        with tenancy.scope(world.aroma.id):
            return joining.enrol_member(merchant=world.aroma, source="join", **fields)

    return do


def test_a_newcomer_gets_a_card_the_first_tier_and_the_welcome_award(world, enrol):
    joined = enrol(name="Inès", phone="06 39 98 00 01", birthday="1990-02-28", consents={"news_email": False})
    assert joined.welcome == 50
    assert points_of(world.aroma, joined.member) == 50
    with tenancy.scope(world.aroma.id):
        assert Standing.objects.select_related("tier").get(member=joined.member).tier.name == "Bronze"
        assert joined.member.phone == "+33639980001"
        assert joined.member.birthday == dt.date(1990, 2, 28)
        assert list(Consent.objects.filter(member=joined.member).values_list("purpose", "given")) == [
            ("news_email", False)
        ]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": "Nobody"}, enrolment.ContactMissing),
        ({"phone": "12"}, PhoneUnreadable),
        ({"phone": "call me"}, PhoneUnreadable),
        ({"email": "mia@"}, EmailUnreadable),
        ({"email": "a@example.org", "locale": "tlh"}, enrolment.LanguageUnknown),
        ({"email": "a@example.org", "birthday": "1990-02-30"}, enrolment.BirthdayImpossible),
        ({"email": "a@example.org", "birthday": "2999-01-01"}, enrolment.BirthdayImpossible),
        ({"email": "a@example.org", "birthday": "1850-01-01"}, enrolment.BirthdayImpossible),
        ({"email": "a@example.org", "name": "x" * 81}, DomainError),
        ({"email": "a@example.org", "name": "a\x00b"}, DomainError),
        ({"email": "a@example.org", "name": "a\ud800b"}, DomainError),
        ({"email": "a@example.org", "name": "\u202egnirts"}, DomainError),
        ({"email": "a@example.org", "name": "z" + "\u0301" * 30}, DomainError),
        ({"phone": "+33612345678"}, enrolment.AlreadyMember),
        ({"email": "MIA@example.org"}, enrolment.AlreadyMember),
    ],
)
def test_a_refused_enrolment_leaves_nobody(world, enrol, fields, error):
    with pytest.raises(error):
        enrol(**fields)
    with tenancy.scope(world.aroma.id):
        assert Member.objects.count() == Standing.objects.count() == 2


def test_the_same_phone_may_join_two_merchants(world):
    with tenancy.scope(world.bloom.id):
        joined = joining.enrol_member(merchant=world.bloom, phone="+33612345678", source="join")
        assert joined.member.id != world.mia.id


@pytest.mark.parametrize("name", ["Hélène", "Nguyễn Thị", "محمد", "🌻 Sunny", "O'Neill-Šćepanović"])
def test_real_names_are_kept_as_they_are(enrol, name):
    assert enrol(name=name, email="n@example.org").member.name == name


@pytest.mark.parametrize("text", ["hélène", "HELENE", "helene d", "6 39 98", "0639", "+33639", "h@example"])
def test_search_finds_names_without_accents_and_numbers_as_typed(world, enrol, text):
    found = enrol(name="Hélène Dupont", phone="0639980002", email="h@example.org").member
    with tenancy.scope(world.aroma.id):
        assert found in queries.search(text)
        assert world.noah not in queries.search(text)


def test_a_changed_profile_is_found_under_its_new_name(world):
    with tenancy.scope(world.aroma.id):
        profiles.change_profile(
            member=world.noah,
            merchant=world.aroma,
            changes={"name": "Noé", "email": "Noe@Example.org"},
            actor="x",
        )
        assert list(queries.search("noe")) == [world.noah]
        assert Member.objects.get(id=world.noah.id).email == "noe@example.org"


def test_a_profile_cannot_take_anothers_number_nor_lose_its_last_contact(world):
    with tenancy.scope(world.aroma.id):
        for changes, error in (
            ({"phone": "+33612345678"}, enrolment.AlreadyMember),
            ({"phone": ""}, enrolment.ContactMissing),
        ):
            with pytest.raises(error):
                profiles.change_profile(member=world.noah, merchant=world.aroma, changes=changes, actor="x")
        assert Member.objects.get(id=world.noah.id).phone == "+33698765432"


def test_the_newest_answer_to_a_question_holds(world):
    with tenancy.scope(world.aroma.id):
        for given in (False, False, True):
            profiles.set_consent(member=world.mia, purpose="points_email", given=given, source="card")
        assert profiles.consents_of(world.mia) == {"points_email": True}
        assert Consent.objects.filter(member=world.mia).count() == 3  # joined with yes, then no, then yes
