"""One member: the story of every point, and what is known of her."""

import pytest
from django.utils import timezone

from core import tenancy
from core.ids import new_id
from core.models import Event
from integrations.notifications.models import Message
from loyalty.membership import joining
from loyalty.purchases import earning
from members import cards, profiles, queries
from members.cards import static_code
from members.links import card_link
from members.models import Member
from merchants.queries import staff_member
from tests.web.desk import HOME, desk_of, manager_of, text_of, trips
from tests.world import buy, signed_in

PROFILE = {
    "name": "Mia",
    "phone": "+33612345678",
    "email": "mia@example.org",
    "locale": "fr",
    "birthday": "1990-05-24",
}


def story(member) -> str:
    """The address of a member's page."""
    return f"{HOME}members/{member.id}/"


def read(member_id, merchant) -> Member:
    """The member as it is kept."""
    with tenancy.scope(merchant.id):
        return Member.objects.get(id=member_id)


def test_every_point_says_why_and_what_was_left_after_it(world):
    page = text_of(desk_of(world).get(story(world.mia)))
    for words in ("€433.00 spent", "433 × 1.5 (Gold)", "+649", "1,199", "Joined", "Welcome", "+50", "1,200"):
        assert words in page


def test_the_page_says_where_the_member_stands(world):
    page = text_of(desk_of(world).get(story(world.noah)))
    assert "€250 to Silver" in page
    assert "Points to use" in page


def test_the_code_to_say_is_there(world):
    page = text_of(desk_of(world).get(story(world.mia)))
    code = world.mia_card.spoken_code
    assert f"{code[:3]} {code[3:]}" in page


def test_a_long_story_has_pages(world):
    for _number in range(31):
        buy(world.aroma, world.mia, 100, key=new_id())
    client = desk_of(world)
    first = client.get(story(world.mia))
    older = first.context["older"]
    assert older.startswith("?before=")
    second = text_of(client.get(story(world.mia) + older))
    assert "Joined" in second
    assert "Joined" not in text_of(first)
    assert "Newest" in second


def scanned_by_sam(world, member, amount_minor, *, asked="sam"):
    """A purchase of this member's, at the till."""
    with tenancy.scope(world.aroma.id):
        sam = staff_member(world.sam.id)
    bought = earning.NewPurchase(
        who=cards.Scanned(member_id=member.id),
        amount_minor=amount_minor,
        channel="scanner",
        asked=[asked],
        location_id=world.croix_rousse.id,
        actor_id=sam.id,
    )
    earning.record_purchase(merchant=world.aroma, bought=bought, key=new_id())


def test_a_line_says_where_who_scanned_and_what_it_is_made_of(world):
    scanned_by_sam(world, world.mia, 1200)
    page = text_of(desk_of(world).get(story(world.mia)))
    assert "€12.00 at Croix-Rousse" in page
    assert "<b>12 × 1.5 (Gold)</b> · 12 by the rule, 6 by the tier. Scanned by Sam." in page


def write_message(world, member, *, sent):
    """An e-mail to this member, and when it was written."""
    with tenancy.scope(world.aroma.id):
        return Message.objects.create(
            member=member, event_id=new_id(), kind="points", sent_at=timezone.now() if sent else None
        )


def test_messages_stand_between_the_lines_and_alone(world):
    write_message(world, world.mia, sent=True)
    write_message(world, world.noah, sent=False)
    client = desk_of(world)
    everything = text_of(client.get(story(world.mia)))
    assert everything.index("E-mail about new points") < everything.index("€433.00 spent")
    points = text_of(client.get(story(world.mia), {"show": "points"}))
    assert "E-mail about new points" not in points
    assert "€433.00 spent" in points
    messages = text_of(client.get(story(world.mia), {"show": "messages"}))
    assert messages.count("E-mail about new points") == 1
    assert "Sent." in messages
    assert "€433.00 spent" not in messages
    assert "Waits to be sent." in text_of(client.get(story(world.noah), {"show": "messages"}))


def test_each_page_of_a_long_story_tells_its_own_messages_once(world):
    for number in range(3):
        for _time in range(16):
            buy(world.aroma, world.mia, 100, key=new_id())
        write_message(world, world.mia, sent=bool(number))
    client, address, told, pages = desk_of(world), "", 0, 0
    while True:
        response = client.get(story(world.mia) + address)
        told += text_of(response).count("E-mail about new points")
        pages += 1
        address = response.context["older"]
        if not address:
            break
    assert (told, pages) == (3, 2)
    for _time in range(40):
        write_message(world, world.mia, sent=True)
    first = client.get(story(world.mia), {"show": "messages"})
    second = text_of(client.get(story(world.mia) + first.context["older"]))
    assert (text_of(first) + second).count("E-mail about new points") == 43
    assert "show=messages" in first.context["older"]


def test_a_story_without_a_welcome_begins_with_joining(world):
    page = text_of(signed_in(world.petra).get(f"/dashboard/bloom/members/{world.zoe.id}/"))
    assert ">Joined<" in page
    assert "No points yet" not in page


def test_the_page_says_how_the_member_may_be_reached(world):
    page = text_of(desk_of(world).get(story(world.mia)))
    assert "e-mail, points only" in page
    with tenancy.scope(world.aroma.id):
        profiles.set_consent(member=world.mia, purpose="points_email", given=False, source="card")
    assert "did not agree to e-mails" in text_of(desk_of(world).get(story(world.mia)))
    assert "no e-mail address" in text_of(desk_of(world).get(story(world.noah)))


def test_the_card_is_printed_from_here_and_only_an_owner_is_offered_to_erase(world):
    page = text_of(desk_of(world).get(story(world.mia)))
    assert f"{story(world.mia)}card/card.pdf" in page
    assert f"{story(world.mia)}card/a6.pdf" in page
    assert "Erase this member" in page
    assert "Erase this member" not in text_of(signed_in(manager_of(world.aroma)).get(story(world.mia)))


def test_a_page_of_the_story_that_is_not_there_is_no_error(world):
    client = desk_of(world)
    for before in ("x", "-1", "9" * 40, "²", "", "5", "5.", ".5", "5.x", "5." + "9" * 17):
        assert client.get(story(world.mia), {"before": before}).status_code == 200, before


def test_the_story_is_told_in_the_readers_language(world):
    page = text_of(desk_of(world).get(story(world.mia), headers={"Accept-Language": "fr"}))
    assert "433 × 1,5 (Gold)" in page
    assert "1\u202f200" in page


def test_a_profile_is_changed(world):
    response = desk_of(world).post(
        f"{story(world.mia)}profile/", PROFILE | {"name": "Mia L.", "phone": "06 98 00 00 00"}
    )
    assert response.status_code == 302
    member = read(world.mia.id, world.aroma)
    assert (member.name, member.phone, member.locale) == ("Mia L.", "+33698000000", "fr")
    assert str(member.birthday) == "1990-05-24"


def test_a_birthday_is_written_as_people_write_it_whatever_their_browser_shows(world):
    client, path = desk_of(world), f"{story(world.mia)}profile/"
    assert client.post(path, PROFILE | {"birthday": "24/05/1990"}).status_code == 302
    assert str(read(world.mia.id, world.aroma).birthday) == "1990-05-24"
    page = text_of(client.get(path))
    assert 'value="24/05/1990"' in page
    assert 'type="date"' not in page


REFUSED = [
    ({"phone": "12"}, "phone"),
    ({"email": "nobody"}, "email"),
    ({"phone": "", "email": ""}, "phone"),
    ({"phone": "+33698765432"}, "phone"),  # Noah's
    ({"locale": "de"}, "locale"),
    ({"birthday": "2990-01-01"}, "birthday"),
    ({"birthday": "yesterday"}, "birthday"),
    ({"name": "a\u202eb"}, "name"),
    ({"name": "a\x00b"}, "name"),
]


def test_what_cannot_be_known_is_said_at_its_field_and_nothing_changes(world):
    client = desk_of(world)
    for change, field in REFUSED:
        response = client.post(f"{story(world.mia)}profile/", PROFILE | change)
        assert response.status_code == 422, change
        assert f'id="id_{field}_error"' in text_of(response), change
    member = read(world.mia.id, world.aroma)
    assert (member.name, member.phone, member.birthday) == ("Mia", "+33612345678", None)


def test_a_name_is_text_and_never_markup(world):
    with tenancy.scope(world.aroma.id):
        joined = joining.enrol_member(
            merchant=world.aroma, name='"><img src=x onerror=alert(1)>', phone="+33611111111", source="join"
        )
    for path in (story(joined.member), f"{story(joined.member)}profile/", f"{HOME}members/"):
        assert "<img src=x" not in text_of(desk_of(world).get(path))


def letters_asked(merchant) -> list[str]:
    """Members for whom a letter with their card waits to be sent."""
    with tenancy.scope(merchant.id):
        return [event.payload["member"] for event in Event.objects.filter(name="card_link.asked")]


def test_the_card_is_sent_by_e_mail_until_it_is_too_often(world):
    client = desk_of(world)
    answers = [text_of(client.post(f"{story(world.mia)}letter/", follow=True)) for _time in range(4)]
    assert "The link is on its way to Mia." in answers[0]
    assert "toast--error" in answers[3]
    assert letters_asked(world.aroma) == [str(world.mia.id)] * 3


def test_a_stranger_does_not_spend_what_the_desk_may_send(world, client):
    for _time in range(4):
        client.post("/c/aroma/return", {"email": "mia@example.org"})
        client.post("/c/aroma/join", {"name": "Eve", "phone": "06 12 34 56 78"})
    sent = desk_of(world).post(f"{story(world.mia)}letter/", follow=True)
    assert "The link is on its way to Mia." in text_of(sent)


def test_replacing_the_card_is_asked_once_and_ends_its_codes_and_links(world):
    client, code = desk_of(world), static_code(world.mia_card, world.aroma)
    assert "Replace the card of Mia?" in text_of(client.get(story(world.mia)))
    with tenancy.scope(world.aroma.id):
        link = card_link(world.mia, world.aroma)
    assert client.get(f"{story(world.mia)}replacement/").status_code == 302
    assert client.get(link).status_code == 200
    client.post(f"{story(world.mia)}replacement/")
    assert client.get(link).status_code == 410
    with tenancy.scope(world.aroma.id):
        with pytest.raises(cards.CardRevoked):
            queries.scanned(cards.read(code, world.aroma))
        assert Event.objects.get(name="card.replaced").payload["actor"] == str(
            staff_member(world.olivia.id).id
        )


def test_without_an_address_no_letter_is_offered_nor_sent(world):
    client = desk_of(world)
    assert "Send the card by e-mail" not in text_of(client.get(story(world.noah)))
    assert client.post(f"{story(world.noah)}letter/").status_code == 302
    assert letters_asked(world.aroma) == []


@pytest.mark.parametrize("what", ["", "profile/", "letter/", "replacement/"])
def test_another_merchants_member_is_not_there_and_nothing_changes(world, what):
    client = desk_of(world)
    for member_id in (world.zoe.id, new_id()):
        assert client.get(f"{HOME}members/{member_id}/{what}").status_code == 404
    assert client.post(f"{HOME}members/{world.zoe.id}/profile/", PROFILE | {"name": "Zed"}).status_code == 404
    assert client.post(f"{HOME}members/{world.zoe.id}/letter/").status_code == 404
    assert read(world.zoe.id, world.bloom).name == "Zoe"
    assert letters_asked(world.bloom) == []


def test_a_cashier_sees_no_story(world):
    assert signed_in(world.sam).get(story(world.mia)).status_code == 403


def test_the_story_needs_few_trips(world):
    assert trips(desk_of(world), story(world.mia)) == 12
    assert trips(desk_of(world), f"{story(world.mia)}profile/") == 6
