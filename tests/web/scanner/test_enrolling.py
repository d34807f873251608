"""A newcomer at the counter."""

import pytest

from core import tenancy
from loyalty.models import Referral
from members.models import Consent, Member
from tests.loyalty.happenings.test_greeting import flat
from tests.loyalty.ruled import with_rules
from tests.web.scanner.conftest import Till, note_in, words_of
from tests.world import points_of


def newcomers(world):
    with tenancy.scope(world.aroma.id):
        return list(Member.objects.exclude(id__in=[world.mia.id, world.noah.id]))


def test_a_newcomer_is_greeted_with_the_welcome_and_ready_for_an_amount(world, till):
    till.open()
    response = till.enrol(name="Léa", phone="06 11 22 33 44", email="", locale="fr")
    assert response.status_code == 201
    assert "Léa 50 points Bronze" in words_of(response)
    assert till.stamp(note_in(response), "10").status_code == 201
    (lea,) = newcomers(world)
    assert (lea.phone, lea.locale, lea.location_id) == ("+33611223344", "fr", world.croix_rousse.id)
    assert points_of(world.aroma, lea) == 60


def test_an_e_mail_alone_is_enough(world, till):
    assert till.enrol(name="", phone="", email="Ana@Example.org", locale="en").status_code == 201
    assert newcomers(world)[0].email == "ana@example.org"


def test_nobody_consents_in_a_newcomers_name(world, till):
    till.enrol(name="Ana", email="ana@example.org", points_email="on", news_email="on")
    with tenancy.scope(world.aroma.id):
        assert not Consent.objects.filter(member=newcomers(world)[0]).exists()


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({}, "Give a phone number or an e-mail"),
        ({"phone": "12"}, "This is not a phone number"),
        ({"email": "nobody"}, "This is not an e-mail"),
        ({"phone": "0611223344", "name": "x" * 81}, "too long"),
        ({"phone": "0611223344", "name": "a\x00b"}, "cannot be kept"),
        ({"phone": "0611223344", "name": "Z" + "\u0301" * 40}, "cannot be kept"),
        ({"phone": "0611223344", "name": "\u202eaiM"}, "cannot be kept"),
        ({"phone": "0611223344", "locale": "tlh"}, "Choose one of"),
        ({"phone": "+33612345678"}, "There is a member with this phone number"),
        ({"email": "mia@example.org"}, "There is a member with this phone number or e-mail"),
    ],
)
def test_bad_words_come_back_at_their_field_and_nobody_is_enrolled(world, till, said, says):
    response = till.enrol(**said)
    assert response.status_code == 422
    assert says in words_of(response)
    assert "till-enrol" in response.content.decode()
    assert newcomers(world) == []


def test_blooms_zoe_may_join_aroma_too(world, till):
    assert till.enrol(email="zoe@example.org").status_code == 201


def test_strangers_cannot_enrol(world):
    assert Till(world.petra).enrol(phone="0611223344").status_code == 404
    assert newcomers(world) == []


def test_without_javascript_the_form_and_the_newcomer_come_as_whole_pages(world, plain_till):
    refused = plain_till.enrol(name="Léa", phone="12")
    assert refused.status_code == 422
    assert 'value="Léa"' in refused.content.decode()
    greeted = plain_till.enrol(name="Léa", phone="0611223344")
    assert greeted.status_code == 201
    assert 'value="mem_' in greeted.content.decode()


@pytest.fixture
def referring(world):
    """Aroma gives something for bringing a friend."""
    with_rules(world.aroma, flat(world.aroma, "referrer", 100))


def test_who_sent_a_newcomer_is_asked_where_a_rule_gives_something_for_it(world, till, referring):
    assert "Who sent you?" in words_of(till.open())
    for who, phone in (("06 98 76 54 32", "0611223344"), (world.noah_card.spoken_code, "0611223355")):
        assert till.enrol(name="Léa", phone=phone, referred_by=who).status_code == 201
    with tenancy.scope(world.aroma.id):
        assert [row.referrer_id for row in Referral.objects.all()] == [world.noah.id] * 2


def test_without_such_a_rule_nobody_asks(till):
    assert "Who sent you?" not in words_of(till.open())


@pytest.mark.parametrize("nobody", ["06 00 00 00 00", "ABCDEF", "hello"])
def test_a_friend_whom_nobody_knows_is_refused_at_the_field(world, till, referring, nobody):
    refused = till.enrol(name="Léa", phone="0611223344", referred_by=nobody)
    assert refused.status_code == 422
    assert "No member was found who could have brought this one." in words_of(refused)
    assert newcomers(world) == []
