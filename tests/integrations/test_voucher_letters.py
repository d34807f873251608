"""A voucher by e-mail: its QR and its code, to those who agreed, in their language; and not once it is no good any more."""

import io
import re

import pytest
from django.core import mail
from django.test import Client
from PIL import Image

from core import qr, tenancy
from core.ids import new_id
from integrations.notifications.models import Message
from loyalty.models import Unit
from members.models import Member
from rewards import vouchers
from rewards.redemption import release_redemption
from tests.analytics.test_rollups import deliver_all
from tests.rewards.offering import offered


@pytest.fixture
def quiet(world, settings):
    """Nothing waits any more; what is sent lands in `mail.outbox`."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    deliver_all(world.aroma)
    mail.outbox.clear()
    return world


def give(world, member, **said):
    with tenancy.scope(world.aroma.id):
        unit = Unit.objects.get(code="points")
        cake = offered(
            name="Cake",
            unit_id=unit.id,
            cost=10,
            terms={"en": "While the cakes last.", "fr": "Tant qu’il y en a."},
            **{"kind": "percent_off", "value": {"basis_points": 1000}} | said,
        )
        vouchers.issue_voucher(
            merchant=world.aroma, reward_id=cake.id, member_id=member.id, key=new_id(), actor_id=None
        )
        [voucher] = vouchers.vouchers_of(member, world.aroma)
    return voucher


def test_it_brings_the_code_and_a_qr_that_says_it(quiet):
    voucher = give(quiet, quiet.mia)
    deliver_all(quiet.aroma)
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["mia@example.org"], "A voucher from Aroma: Cake")
    html = letter.alternatives[0][0]
    for words in (voucher.code, "10% off", "While the cakes last."):
        assert words in letter.body.replace("\xa0", " ")
        assert words in html.replace("\xa0", " ")
    [picture] = letter.attachments
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in html
    drawn = Image.open(io.BytesIO(picture.get_payload(decode=True)))
    assert drawn.tobytes() == Image.open(io.BytesIO(qr.png(voucher.code, scale=8))).tobytes()
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_it_brings_begins_with_a_capital_on_its_line(quiet):
    give(quiet, quiet.mia, kind="free_product", value={"any": ["pastry"]})
    deliver_all(quiet.aroma)
    [letter] = mail.outbox
    for text in (letter.body, letter.alternatives[0][0]):
        assert "One for nothing: pastry" in text


def test_whoever_is_handed_the_letter_finds_no_way_to_the_card_in_it_nor_to_the_end_of_its_e_mails(quiet):
    give(quiet, quiet.mia)
    deliver_all(quiet.aroma)
    [letter] = mail.outbox
    html = letter.alternatives[0][0]
    for text in (letter.body, html):
        assert "/link/" not in text
        assert letter.extra_headers["List-Unsubscribe"].strip("<>") not in text
        assert "You also find it on your card, under Rewards" in text
        pages = set(re.findall(r"/c/aroma/([^\s\"]*)", text)) - {""}
        assert {page.partition("/")[0] for page in pages} == {"rewards", "me"}
        for page in ("rewards", "me"):
            assert Client().get(f"/c/aroma/{page}").url == "/c/aroma/join"


def test_what_is_kept_of_the_letter_holds_no_code(quiet):
    voucher = give(quiet, quiet.mia)
    deliver_all(quiet.aroma)
    with tenancy.scope(quiet.aroma.id):
        assert Message.objects.get(kind="voucher").content == {"redemption": str(voucher.redemption.id)}


def test_in_french_it_is_french(quiet):
    with tenancy.scope(quiet.aroma.id):
        Member.objects.filter(id=quiet.mia.id).update(locale="fr")
    give(quiet, quiet.mia)
    deliver_all(quiet.aroma)
    [letter] = mail.outbox
    assert letter.subject.replace("\u202f", " ").replace("\xa0", " ") == "Un bon chez Aroma : Cake"
    assert "À montrer au comptoir" in letter.body
    assert "Tant qu’il y en a." in letter.body


def test_one_that_was_stopped_meanwhile_is_not_sent(quiet):
    voucher = give(quiet, quiet.mia)
    with tenancy.scope(quiet.aroma.id):
        release_redemption(
            merchant=quiet.aroma, redemption_id=voucher.redemption.id, key=new_id(), actor_id=None
        )
    deliver_all(quiet.aroma)
    assert mail.outbox == []


def test_whoever_did_not_agree_gets_no_letter(quiet):
    with tenancy.scope(quiet.aroma.id):
        Member.objects.filter(id=quiet.mia.id).update(email_verified_at=None)
    give(quiet, quiet.mia)
    deliver_all(quiet.aroma)
    assert mail.outbox == []
