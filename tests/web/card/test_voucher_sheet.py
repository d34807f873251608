"""A voucher on paper: what it brings, its code and its last day, for its member and for who gives vouchers, and nobody else."""

import datetime as dt

import pytest
import time_machine

from core import tenancy
from core.ids import new_id
from core.models import AuditRow
from loyalty.models import Unit
from members.models import Member
from merchants.models import Merchant, StaffMember
from rewards.redemption import release_redemption
from rewards.vouchers import give_voucher, read_voucher, voucher_of
from tests.analytics.test_rollups import deliver_all
from tests.rewards.offering import offered
from tests.web.card.conftest import phone_of, words_of
from tests.web.card.test_printing import decoded, page_of, printed_before, text_of
from tests.web.desk import HOME, desk_of
from tests.world import signed_in

SMALL_PRINT = {"en": "One slice, while the cakes last.", "fr": "Une part, tant qu’il y en a."}


@pytest.fixture
def voucher(world):
    """Mia's, for a cake."""
    return a_voucher(world)


def a_voucher(world, terms=None, **said):
    what = {"kind": "percent_off", "value": {"basis_points": 1000}, "terms": terms or SMALL_PRINT} | said
    with tenancy.scope(world.aroma.id):
        names = {"en": "A cake", "fr": "Un gâteau"}
        cake = offered(name="", names=names, unit_id=Unit.objects.get(code="points").id, cost=10, **what)
        given = give_voucher(cake, world.mia, world.aroma, days=30)
        return voucher_of(given.id, world.aroma)


def sheet_of(voucher):
    return f"/c/aroma/vouchers/{voucher.redemption.id}.pdf"


def desk_sheet(voucher, member):
    return f"{HOME}members/{member.id}/vouchers/{voucher.redemption.id}.pdf"


def test_it_says_what_it_brings_where_and_until_when(world, voucher, mias_phone):
    page = page_of(mias_phone.get(sheet_of(voucher)))
    assert [round(points * 25.4 / 72) for points in page.get_size()] == [105, 148]
    said = text_of(page)
    day = f"{voucher.last_on.day} {voucher.last_on:%B %Y}"
    for words in ("Aroma", "A cake", "10% off", SMALL_PRINT["en"], voucher.code, f"Good until {day}."):
        assert words in said.replace("\xa0", " ")


def test_what_it_brings_begins_with_a_capital_on_its_line(world, mias_phone):
    voucher = a_voucher(world, kind="free_product", value={"any": ["pastry"]})
    assert "One for nothing: pastry" in text_of(page_of(mias_phone.get(sheet_of(voucher))))


def test_a_till_uses_the_code_that_is_printed_once(world, client, voucher, mias_phone):
    code = decoded(page_of(mias_phone.get(sheet_of(voucher))))
    with tenancy.scope(world.aroma.id):
        assert read_voucher(code, world.aroma).redemption.id == voucher.redemption.id
    path, codes = f"/api/v1/vouchers/{code}/redemption", []
    for _twice in range(2):
        headers = {"Authorization": f"Bearer {world.aroma_key}", "Idempotency-Key": str(new_id())}
        codes.append(client.post(path, {}, content_type="application/json", headers=headers).status_code)
    assert codes == [201, 409]
    assert mias_phone.get(sheet_of(voucher)).url == f"/c/aroma/taken/{voucher.redemption.id}"


def test_in_french_long_names_and_long_small_print_are_whole(world, mias_phone):
    long = " ".join(f"Phrase{number}" for number in range(85))
    with tenancy.scope(world.aroma.id):
        Member.objects.filter(id=world.mia.id).update(locale="fr")
        name = "Boulangerie-pâtisserie des Tables-Claudiennes"
        Merchant.objects.filter(id=world.aroma.id).update(name=name, brand_colour="#ffd400")
    voucher = a_voucher(world, terms={"en": "x", "fr": long})
    page = page_of(mias_phone.get(sheet_of(voucher)))
    said = text_of(page)
    for words in ("Un gâteau", "Tables-Claudiennes", "Valable jusqu’au", "Phrase0 ", "Phrase84"):
        assert words in said
    assert decoded(page) == voucher.code


def test_what_the_fonts_cannot_write_is_left_out(world, mias_phone):
    voucher = a_voucher(world, terms={"en": "Torte 美亜"})
    page = page_of(mias_phone.get(sheet_of(voucher)))
    assert "Torte" not in text_of(page)
    assert decoded(page) == voucher.code


def test_the_card_and_the_desk_lead_to_it(world, voucher, mias_phone):
    page = mias_phone.get(f"/c/aroma/taken/{voucher.redemption.id}").content.decode()
    assert f'href="{sheet_of(voucher)}"' in page
    desk = desk_of(world)
    page = desk.get(f"{HOME}members/{world.mia.id}/voucher/")
    path = desk_sheet(voucher, world.mia)
    assert f'href="{path}"' in page.content.decode()
    assert voucher.code not in words_of(page)
    answer = desk.get(path)
    assert voucher.code in text_of(page_of(answer))
    assert voucher.code not in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert "no-store" in mias_phone.get(sheet_of(voucher)).headers["Cache-Control"]


def test_who_printed_it_at_the_desk_is_kept_and_the_code_is_not(world, voucher):
    desk_of(world).get(desk_sheet(voucher, world.mia))
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        [row] = AuditRow.objects.filter(name="voucher.printed")
        olivia = StaffMember.objects.get(user=world.olivia)
    assert row.payload == {
        "member": str(world.mia.id),
        "actor": str(olivia.id),
        "redemption": str(voucher.redemption.id),
    }


def test_nobody_else_gets_it(world, client, voucher, mias_phone):
    path = sheet_of(voucher)
    assert client.get(path).url == "/c/aroma/join"
    assert phone_of(world.aroma, world.noah).get(path).status_code == 404
    assert phone_of(world.bloom, world.zoe).get(path.replace("aroma", "bloom")).status_code == 404
    assert mias_phone.get(f"/c/aroma/vouchers/{new_id()}.pdf").status_code == 404
    assert signed_in(world.sam).get(desk_sheet(voucher, world.mia)).status_code == 403
    assert desk_of(world).get(desk_sheet(voucher, world.noah)).status_code == 404
    petra, there = signed_in(world.petra), desk_sheet(voucher, world.mia).replace("aroma", "bloom")
    assert petra.get(there).status_code == 404


def test_one_that_was_stopped_or_ran_out_is_not_printed(world, voucher, mias_phone):
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=40)
    with time_machine.travel(later, tick=False):
        phone = phone_of(world.aroma, world.mia)
        assert phone.get(sheet_of(voucher)).url == f"/c/aroma/taken/{voucher.redemption.id}"
    with tenancy.scope(world.aroma.id):
        release_redemption(
            merchant=world.aroma, redemption_id=voucher.redemption.id, key=new_id(), actor_id=None
        )
    assert mias_phone.get(sheet_of(voucher)).status_code == 302
    page = words_of(desk_of(world).get(desk_sheet(voucher, world.mia), follow=True))
    assert "This does not count any more" in page


def test_nobody_prints_all_day(world, voucher, mias_phone):
    printed_before(19, "voucher-print", world.mia.id)
    assert [mias_phone.get(sheet_of(voucher)).status_code for _time in range(2)] == [200, 429]
