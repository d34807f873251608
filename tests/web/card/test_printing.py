"""The card on paper: exact sizes, text that can be read and copied, accents, and a code that tills accept."""

import pypdfium2
import pytest
import zxingcpp

from core import tenancy
from core.ids import public_id
from core.models import AuditRow
from core.rate_limits import count_try
from members import profiles
from merchants.models import Merchant, StaffMember
from studio.drawing.colours import channels
from studio.links import poster_link
from tests.analytics.test_rollups import deliver_all
from tests.web.card.conftest import phone_of
from tests.web.desk import desk_of

MILLIMETRES = {"card": (85.6, 53.98), "a6": (105, 148)}
POINT = 25.4 / 72
AROMA = "#1f4d3a"  # dark enough to be printed as it is
SIZES = pytest.mark.parametrize("size", MILLIMETRES)


def page_of(response):
    assert response.headers["Content-Type"] == "application/pdf"
    document = pypdfium2.PdfDocument(response.content)
    assert len(document) == 1
    return document[0]


def text_of(page):
    return " ".join(page.get_textpage().get_text_range().split())


def decoded(page):
    """What a scanner reads in the page at 200 dots an inch."""
    [found] = zxingcpp.read_barcodes(page.render(scale=200 / 72).to_pil())
    return found.text


@SIZES
def test_the_paper_is_exactly_that_size(mias_phone, size):
    width, height = (
        points * POINT for points in page_of(mias_phone.get(f"/c/aroma/me/{size}.pdf")).get_size()
    )
    assert (round(width, 2), round(height, 2)) == pytest.approx(MILLIMETRES[size], abs=0.006)


@SIZES
def test_it_says_whose_card_where_and_how(world, mias_phone, size):
    said = text_of(page_of(mias_phone.get(f"/c/aroma/me/{size}.pdf")))
    spoken = world.mia_card.spoken_code
    for words in (
        "Aroma",
        "Mia",
        f"{spoken[:3]} {spoken[3:]}",
        "Show it when you pay: every purchase counts.",
    ):
        assert words in said


@SIZES
def test_a_till_reads_the_printed_code(world, client, mias_phone, size):
    code = decoded(page_of(mias_phone.get(f"/c/aroma/me/{size}.pdf")))
    headers = {"Authorization": f"Bearer {world.aroma_key}", "Idempotency-Key": f"print-{size}"}
    body = {"card": code, "amount": "10.00", "currency": "EUR"}
    answer = client.post("/api/v1/purchases", body, content_type="application/json", headers=headers)
    assert answer.status_code == 201
    assert answer.json()["member"]["id"] == public_id("mem", world.mia.id)


def test_the_printed_code_is_in_the_shops_look(mias_phone):
    page = page_of(mias_phone.get("/c/aroma/me/a6.pdf")).render(scale=200 / 72).to_pil().convert("RGB")
    left, top, right, bottom = (round(mm * 200 / 25.4) for mm in (18.5, 53, 86.5, 121))
    code = page.crop((left, top, right, bottom))
    seen = sorted(code.getcolors(code.width * code.height), reverse=True)[:2]
    assert [colour for _pixels, colour in seen] == [(255, 255, 255), channels(AROMA)]


@SIZES
@pytest.mark.parametrize("colour", ["#ffd400", "#101010", "#fdf6f7"])
def test_long_names_accents_and_hard_colours_print(world, mias_phone, size, colour):
    name = "Boulangerie-pâtisserie des Tables-Claudiennes"
    with tenancy.scope(world.aroma.id):
        Merchant.objects.filter(id=world.aroma.id).update(name=name, brand_colour=colour)
        profiles.change_profile(
            member=world.mia,
            merchant=world.aroma,
            changes={"name": "Zoë-Éloïse Őry", "locale": "fr"},
            actor="test",
        )
    page = page_of(mias_phone.get(f"/c/aroma/me/{size}.pdf"))
    said = text_of(page)
    for word in (
        "Boulangerie-pâtisserie",
        "Tables-Claudiennes",
        "Zoë-Éloïse",
        "À montrer en payant",
        "ou dites",
    ):
        assert word in said
    assert "Őry" not in said  # the first name alone
    assert "/q/" in decoded(page)


def test_a_name_that_the_fonts_cannot_write_is_left_out(world, mias_phone):
    with tenancy.scope(world.aroma.id):
        profiles.change_profile(
            member=world.mia, merchant=world.aroma, changes={"name": "美亜"}, actor="test"
        )
    page = page_of(mias_phone.get("/c/aroma/me/card.pdf"))
    assert "Show it when you pay" in text_of(page)
    assert "/q/" in decoded(page)


def test_other_papers_and_other_people_get_none(world, client, mias_phone):
    assert mias_phone.get("/c/aroma/me/a4.pdf").status_code == 404
    assert client.get("/c/aroma/me/card.pdf").url == "/c/aroma/join"


@SIZES
def test_the_desk_prints_a_members_card(world, size):
    path = f"/dashboard/aroma/members/{world.noah.id}/card/{size}.pdf"
    assert "Noah" in text_of(page_of(desk_of(world).get(path)))


def test_a_print_at_the_desk_is_audited_and_its_file_says_no_code(world):
    answer = desk_of(world).get(f"/dashboard/aroma/members/{world.mia.id}/card/a6.pdf")
    assert world.mia_card.spoken_code not in answer.headers["Content-Disposition"]
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        [row] = AuditRow.objects.filter(name="card.printed")
    assert (row.payload["member"], row.payload["size"]) == (str(world.mia.id), "a6")
    assert row.payload["actor"]


def test_nobody_prints_all_day(world, mias_phone):
    path = "/c/aroma/me/card.pdf"
    assert mias_phone.get(path).status_code == 200
    printed_before(18, "card-print", world.mia.id)
    assert [mias_phone.get(path).status_code for _time in range(2)] == [200, 429]
    desk, path = desk_of(world), f"/dashboard/aroma/members/{world.noah.id}/card/card.pdf"
    with tenancy.scope(world.aroma.id):
        olivia = StaffMember.objects.get(user=world.olivia)
    assert desk.get(path).status_code == 200
    printed_before(58, "desk-print", olivia.id)
    assert [desk.get(path).status_code for _time in range(2)] == [200, 429]


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_codes_that_the_desk_takes_along_are_counted_with_what_it_prints(world, ending):
    with tenancy.scope(world.aroma.id):
        olivia = StaffMember.objects.get(user=world.olivia)
        link = poster_link(world.croix_rousse)
    studio = f"/dashboard/aroma/studio/{link.id}/"
    paths = [f"{studio}print/sheet?kind={ending}&dpi=150", f"{studio}code.{ending}"]
    desk = desk_of(world)
    printed_before(58, "desk-print", olivia.id)
    assert [desk.get(path).status_code for path in paths] == [200, 200]
    assert [desk.get(path).status_code for path in paths] == [429, 429]


def printed_before(times, what, who):
    """As if so many had been drawn already, which takes its time."""
    for _time in range(times):
        count_try(what, who, most=times * 2, seconds=3600)


def test_but_never_another_merchants(world):
    desk = desk_of(world)
    assert desk.get(f"/dashboard/aroma/members/{world.zoe.id}/card/card.pdf").status_code == 404
    assert desk.get(f"/dashboard/bloom/members/{world.zoe.id}/card/card.pdf").status_code == 404
    assert phone_of(world.bloom, world.mia).get("/c/bloom/me/card.pdf").status_code == 302
