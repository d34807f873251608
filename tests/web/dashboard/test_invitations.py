"""An invitation from the form to the till: by letter, once, for one address, for a week, at one shop."""

import datetime as dt
import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail, signing
from django.test import Client
from django.utils import timezone

from config.subscriptions import SUBSCRIPTIONS
from core import tenancy
from core.models import AuditRow, Event
from core.rate_limits import count_try
from merchants.models import Invitation, StaffMember, User
from tests.web.desk import HOME, desk_of, manager_of, text_of
from tests.web.test_sign_up import link_in
from tests.world import signed_in, user

TEAM = f"{HOME}team/"
LEA = {"email": "Lea@example.test", "role": "cashier", "locale": "fr"}
PASSWORD = "a long sentence I like"


def deliver(merchant) -> None:
    """What the worker does: every event to its subscribers, once."""
    with tenancy.scope(merchant.id):
        for event in Event.objects.filter(name__startswith="invitation."):
            for subscriber in SUBSCRIPTIONS[event.name].values():
                subscriber(event)
            event.delete()


def invite(world, **more) -> str:
    """Olivia invites; the path of the link in the letter."""
    mail.outbox.clear()
    assert desk_of(world).post(TEAM, LEA | more).status_code == 302
    return newest_link(world)


def newest_link(world) -> str:
    """The path in the letter that goes out now."""
    deliver(world.aroma)
    return re.findall(r"https?://[^/\s]+(/dashboard/invitations/\S+)", str(mail.outbox[-1].body))[0]


def invitation_of(world) -> Invitation:
    """The only one."""
    with tenancy.scope(world.aroma.id):
        return Invitation.objects.get()


def team_of(merchant) -> dict[str, str]:
    """Address → role of who is in the team."""
    with tenancy.scope(merchant.id):
        rows = StaffMember.objects.select_related("user").filter(removed_at=None)
        return {one.user.email: one.role for one in rows}


def test_the_letter_speaks_the_language_that_was_chosen(world):
    invite(world)
    [letter] = mail.outbox
    assert letter.to == ["lea@example.test"]
    assert letter.subject == "Rejoignez l’équipe, chez Aroma"
    assert "Olivia Marchand" in str(letter.body)


def test_who_has_no_account_signs_up_proves_the_address_and_is_staff(world):
    link, browser = invite(world), Client()
    page = text_of(browser.get(link))
    assert "Olivia Marchand invites you to the team of Aroma. Your role: Cashier." in page
    assert "lea@" not in page
    mail.outbox.clear()
    browser.post("/accounts/signup/", {"email": "lea@example.test", "password1": PASSWORD})
    assert browser.post(link_in(mail.outbox[0]), follow=True).redirect_chain[-1][0] == link
    response = browser.post(link, follow=True)
    assert response.redirect_chain[-1][0] == "/scan/aroma/"
    assert team_of(world.aroma)["lea@example.test"] == "cashier"


def test_whoever_was_lured_to_anothers_link_signs_up_with_an_address_of_their_own_alone(world):
    lured = Client()
    lured.get(invite(world, email="mallory@example.test"))
    mail.outbox.clear()
    page = text_of(lured.get("/accounts/signup/"))
    lured.post("/accounts/signup/", {"email": "victim@example.test", "password1": PASSWORD})
    assert "mallory" not in page
    assert [letter.to for letter in mail.outbox] == [["victim@example.test"]]
    found = EmailAddress.objects.filter(user__email="victim@example.test").values_list("email", "verified")
    assert list(found) == [("victim@example.test", False)]
    assert not User.objects.filter(email="mallory@example.test").exists()


def test_who_has_an_account_signs_in_and_accepts(world):
    link, browser = invite(world, email="petra@bloom.test", role="manager"), Client()
    browser.get(link)
    form = {"login": "petra@bloom.test", "password": "correct horse battery"}
    assert browser.post("/accounts/login/", form, follow=True).redirect_chain[-1][0] == link
    assert browser.post(link, follow=True).redirect_chain[-1][0] == HOME
    assert team_of(world.aroma)["petra@bloom.test"] == "manager"
    assert team_of(world.bloom) == {"petra@bloom.test": "owner"}


def test_looking_at_the_link_changes_nothing(world):
    link = invite(world)
    for _look in range(3):
        Client().get(link)
    signed_in(user("lea@example.test", "Léa")).get(link)
    assert "lea@example.test" not in team_of(world.aroma)


def test_a_link_works_once(world):
    link, lea = invite(world), user("lea@example.test", "Léa")
    client = signed_in(lea)
    client.post(link)
    with tenancy.scope(world.aroma.id):
        StaffMember.objects.filter(user=lea).update(removed_at=timezone.now())
    assert client.post(link).status_code == 410
    assert Client().get(link).status_code == 410
    assert "lea@example.test" not in team_of(world.aroma)


def test_a_link_is_for_its_address_alone(world):
    link, zoe = invite(world), user("someone@else.test", "Else")
    client = signed_in(zoe)
    for response in (client.get(link), client.post(link)):
        assert response.status_code == 403
        assert "lea@example.test" not in text_of(response)
    assert "someone@else.test" not in team_of(world.aroma)
    assert invitation_of(world).accepted_at is None
    assert client.get("/dashboard/").status_code == 302  # and the desk does not lead there again


def test_an_address_that_was_not_proven_does_not_count(world):
    link = invite(world)
    claimed = User.objects.create_user("lea@example.test", PASSWORD)
    assert signed_in(claimed).post(link).status_code == 403
    assert "lea@example.test" not in team_of(world.aroma)


def test_a_link_lives_for_a_week(world):
    link, client = invite(world), signed_in(user("lea@example.test", "Léa"))
    with tenancy.scope(world.aroma.id):
        Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert client.post(link).status_code == 410
    assert "too late: send it again" in text_of(desk_of(world).get(TEAM))


def test_a_link_that_was_touched_opens_nothing(world):
    link = invite(world)
    token = link.removeprefix("/dashboard/invitations/").rstrip("/")
    with tenancy.scope(world.bloom.id):
        bloom = world.bloom.id.hex
    claims = [token[:-1] + ("A" if token[-1] != "A" else "B"), "x", signing.dumps(["a", "b", 1])]
    claims.append(signing.dumps([bloom, invitation_of(world).id.hex, 1], salt="habitue invitation"))
    claims.append(signing.dumps([bloom, "nonsense", 1], salt="habitue invitation"))
    for claim in claims:
        assert signed_in(world.petra).post(f"/dashboard/invitations/{claim}/").status_code == 410, claim


def test_sending_again_voids_the_letter_before(world):
    first = invite(world)
    at = f"{TEAM}invitations/{invitation_of(world).id}/"
    assert "A new letter is on its way" in text_of(desk_of(world).post(f"{at}letter/", follow=True))
    second = newest_link(world)
    client = signed_in(user("lea@example.test", "Léa"))
    assert client.post(first).status_code == 410
    assert client.post(second).status_code == 302


def test_an_invitation_is_taken_back(world):
    link = invite(world)
    at = f"{TEAM}invitations/{invitation_of(world).id}/"
    assert "is taken back" in text_of(desk_of(world).post(f"{at}revocation/", follow=True))
    assert signed_in(user("lea@example.test", "Léa")).post(link).status_code == 410
    assert desk_of(world).post(f"{at}revocation/").status_code == 404
    assert desk_of(world).post(f"{at}letter/").status_code == 404


def test_the_page_answers_the_same_for_an_address_with_and_without_an_account(world):
    answers = []
    for email in ("petra@bloom.test", "nobody@bloom.test"):
        link = invite(world, email=email)
        page = text_of(desk_of(world).get(TEAM)).replace(email, "…")
        shown = text_of(Client().get(link))
        answers.append(
            (re.sub(r"/dashboard/invitations/[^/]+|\w{64}", "", shown), page.count("…"), len(mail.outbox))
        )
        with tenancy.scope(world.aroma.id):
            Invitation.objects.update(revoked_at=timezone.now())
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"email": "nonsense"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "a@b.test\nBcc: x@y.test"}, "email"),
        ({"email": "SAM@aroma.test"}, "email"),
        ({"role": "admin"}, "role"),
        ({"locale": "xx"}, "locale"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(world, form, field):
    response = desk_of(world).post(TEAM, LEA | form)
    assert response.status_code == 422
    assert f'id="invite_{field}_error"' in text_of(response)
    with tenancy.scope(world.aroma.id):
        assert not Invitation.objects.exists()


def test_one_address_is_invited_once_at_a_time(world):
    invite(world)
    response = desk_of(world).post(TEAM, LEA)
    assert response.status_code == 422
    assert "An invitation is on its way already." in text_of(response)


def test_nobodys_box_is_filled_through_us(world):
    invite(world)
    at = f"{TEAM}invitations/{invitation_of(world).id}/letter/"
    statuses = [desk_of(world).post(at).status_code for _again in range(6)]
    assert statuses == [302, 302, 302, 302, 429, 429]
    assert invitation_of(world).letter == 5


def test_what_one_shop_sent_to_an_address_takes_nothing_from_another_shop(world):
    invite(world)
    at = f"{TEAM}invitations/{invitation_of(world).id}/letter/"
    assert [desk_of(world).post(at).status_code for _again in range(5)][-1] == 429
    assert signed_in(world.petra).post("/dashboard/bloom/team/", LEA).status_code == 302


def test_an_invitation_that_is_refused_counts_as_no_letter(world):
    invite(world)
    assert {desk_of(world).post(TEAM, LEA).status_code for _again in range(8)} == {422}
    at = f"{TEAM}invitations/{invitation_of(world).id}/letter/"
    assert desk_of(world).post(at).status_code == 302


def test_one_invitation_too_many_is_not_made(world):
    statuses = [
        desk_of(world).post(TEAM, LEA | {"email": f"lea{place}@example.test"}).status_code
        for place in range(22)
    ]
    assert statuses == [302] * 20 + [422] * 2
    with tenancy.scope(world.aroma.id):
        assert Invitation.objects.count() == Event.objects.filter(name="invitation.made").count() == 20


def test_all_shops_together_fill_nobodys_box(world):
    invite(world)
    for _letter in range(19):
        count_try("invited", "lea@example.test", most=20, seconds=24 * 3600)
    at = f"{TEAM}invitations/{invitation_of(world).id}/letter/"
    assert desk_of(world).post(at).status_code == 429


def test_only_owners_invite(world):
    invite(world)
    at = f"{TEAM}invitations/{invitation_of(world).id}/"
    for someone, status in ((world.petra, 404), (world.sam, 403), (manager_of(world.aroma), 403)):
        client = signed_in(someone)
        for path in (TEAM, f"{at}letter/", f"{at}revocation/"):
            assert client.post(path, LEA | {"email": "x@y.test"}).status_code == status
    assert desk_of(world).post(f"{TEAM}invitations/{world.mia.id}/letter/").status_code == 404
    assert invitation_of(world).letter == 1


def test_each_step_is_kept_for_the_audit_and_names_no_address(world):
    link = invite(world)
    signed_in(user("lea@example.test", "Léa")).post(link)
    deliver(world.aroma)
    with tenancy.scope(world.aroma.id):
        rows = list(AuditRow.objects.values_list("name", "payload"))
    assert {name for name, _payload in rows} == {"invitation.made", "invitation.accepted"}
    assert all("lea" not in str(payload) for _name, payload in rows)
