"""A programme of several units: each page and letter shows all of them, and what of them expires soon."""

import csv
import datetime as dt
import io
import json
import zipfile

import pytest

from core import tenancy
from core.ids import new_id, public_id
from integrations.notifications.receipts import Given, receipt_of
from loyalty.ledger.models import Account, Entry
from loyalty.membership.story import story_of
from loyalty.queries import standing_of
from loyalty.rules.types import Expiry, Rule, Unit
from members.cards import static_code
from tests.api.conftest import Till
from tests.loyalty.ruled import STAMPS, per_euro, rule_id, with_rules
from tests.web.card.conftest import phone_of
from tests.web.desk import HOME, desk_of, drafted, text_of
from tests.world import buy, signed_in, today_at

CREDIT = "0190aaaa-0000-7000-8000-00000000cccc"


@pytest.fixture
def shop(world):
    """Aroma with points, stamps that live for thirty days, and credit; Mia has bought for €12."""
    stamps = Unit(
        STAMPS,
        "stamps",
        {"en": ("stamp", "stamps"), "fr": ("tampon", "tampons")},
        "stamps",
        Expiry("days", 30),
    )
    credit = Unit(CREDIT, "credit", {"en": ("cent", "cents"), "fr": ("centime", "centimes")}, "credit")
    with_rules(
        world.aroma,
        per_euro(world.aroma, "each"),
        Rule(rule_id("stamp"), "purchase", STAMPS, amount=1, gives="flat"),
        Rule(rule_id("back"), "purchase", CREDIT, gives="share", basis_points=1000),
        units=(stamps, credit),
    )
    buy(world.aroma, world.mia, 12_00)
    return world


def last_day(shop):
    today = today_at(shop.aroma)
    day = today + dt.timedelta(days=30)
    year = f" {day.year}" if day.year != today.year else ""
    return f"{day.day} {day:%B}{year}"


def test_the_card_shows_them_all_and_what_expires(shop):
    page = text_of(phone_of(shop.aroma, shop.mia).get("/c/aroma/"))
    assert "<b>1 stamp</b>" in page
    assert "<b>€1.20 of credit</b>" in page
    assert f"1 stamp expires on {last_day(shop)}" in page
    assert "of credit expire" not in page


def test_the_live_card_notices_a_stamp(shop):
    browser = phone_of(shop.aroma, shop.mia)
    seen = text_of(browser.get("/c/aroma/")).partition('data-seen="')[2].partition('"')[0]
    assert browser.get("/c/aroma/live", {"seen": seen}).status_code == 204
    with_rules(shop.aroma, Rule(rule_id("stamp"), "purchase", STAMPS, amount=1, gives="flat"))
    buy(shop.aroma, shop.mia, 1_00)
    assert "<b>2 stamps</b>" in text_of(browser.get("/c/aroma/live", {"seen": seen}))


def test_a_purchase_is_previewed_for_who_has_nothing_of_a_new_unit_yet(shop):
    code = static_code(shop.noah_card, shop.aroma)
    answer = signed_in(shop.sam).post("/scan/aroma/preview", {"code": code, "amount": "12.00"})
    assert answer.status_code == 200
    assert (
        " ".join(text_of(answer).split())
        == "<b>+12</b> = 12 for €12.00 · 1 stamp for each purchase · 10% of €12.00"
    )


def test_the_till_says_them_all(shop):
    sam = signed_in(shop.sam)
    code = static_code(shop.mia_card, shop.aroma)
    answer = sam.post(
        "/scan/aroma/purchases", {"code": code, "amount": "10", "key": "01a20000-0000-7000-8000-000000000001"}
    )
    page = text_of(answer)
    assert "2 stamps · €2.20 of credit" in page
    assert "+€1" in page


def test_a_purchase_that_gives_stamps_alone_is_told_in_stamps(shop):
    with_rules(shop.aroma, Rule(rule_id("stamp"), "purchase", STAMPS, amount=1, gives="flat"))
    sam, code = signed_in(shop.sam), static_code(shop.mia_card, shop.aroma)
    page = text_of(
        sam.post(
            "/scan/aroma/purchases",
            {"code": code, "amount": "10", "key": "01a20000-0000-7000-8000-000000000002"},
        )
    )
    assert "<b>2</b> stamps" in page
    assert 'data-gain="+1"' in page


def test_the_members_page_and_the_list_show_them_all(shop):
    client = desk_of(shop)
    page = text_of(client.get(f"{HOME}members/{shop.mia.id}/"))
    for words in ("Points to use", "1 stamp</p>", "€1.20 of credit", f"1 stamp expires on {last_day(shop)}"):
        assert words in page, words
    listed = text_of(client.get(f"{HOME}members/"))
    assert '<small class="members__others">1 stamp</small>' in listed
    assert '<small class="members__others">€1.20 of credit</small>' in listed


def test_the_file_has_a_column_for_each(shop):
    answer = desk_of(shop).post(f"{HOME}members/export/")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    mia = next(row for row in rows if row["name"] == "Mia")
    assert (mia["stamps"], mia["credit"]) == ("1", "120")
    assert int(mia["points"]) > 0


def test_the_letter_says_them_all(shop):
    with tenancy.scope(shop.aroma.id):
        account = Account.objects.get(
            member_id=shop.mia.id, unit_id=standing_of(shop.mia.id).version.units[0].id
        )
        entry = Entry.objects.filter(account_id=account.id, kind="award").order_by("-last_seq").first()
        receipt = receipt_of(
            member_id=shop.mia.id,
            given=[Given(str(entry.id), entry.amount, str(account.unit_id))],
            purchase_id=None,
        )
    assert receipt.others == "1 stamp · €1.20 of credit"
    assert receipt.expiring == [f"1 stamp expires on {last_day(shop)}"]


def test_leaving_says_all_that_is_lost(shop):
    page = text_of(phone_of(shop.aroma, shop.mia).get("/c/aroma/me/erase"))
    assert "1 stamp, €1.20 of credit</b>" in page


def story_by(shop, limit):
    """All lines, read in pages of so many."""
    found, before = [], ()
    with tenancy.scope(shop.aroma.id):
        while page := story_of(shop.mia.id, limit=limit, before=before):
            found += page
            before = page[-1].place
    return found


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_of_a_story_in_several_units_show_each_line_once(shop, limit):
    buy(shop.aroma, shop.mia, 20_00)
    whole = story_by(shop, 100)
    assert {line.unit for line in whole} == {"points", "stamps", "credit"}
    assert [line.entry_id for line in story_by(shop, limit)] == [line.entry_id for line in whole]
    for code in ("points", "stamps", "credit"):
        mine = [line for line in whole if line.unit == code]
        below = [*(line.balance for line in mine[1:]), 0]
        assert [line.balance - line.amount for line in mine] == below


def test_the_statement_of_the_api_has_every_unit(shop):
    till = Till(shop.aroma_key)
    path = f"/members/{public_id('mem', shop.mia.id)}/statement"
    items, cursor = [], {}
    while True:
        page = till.get(path, limit="2", **cursor).json()
        items += page["items"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert [(item["unit"], item["amount"]) for item in items[:3]] == [
        ("points", 18),
        ("stamps", 1),
        ("credit", 120),
    ]
    assert len({item["id"] for item in items}) == len(items)


def test_the_story_at_the_desk_and_on_the_card_names_other_units(shop):
    story = text_of(desk_of(shop).get(f"{HOME}members/{shop.mia.id}/"))
    assert '<b class="story__amount">+1 stamp</b>' in story
    assert '<b class="story__amount">+€1.20</b>' in story
    history = text_of(phone_of(shop.aroma, shop.mia).get("/c/aroma/history"))
    assert "stamp" in history
    assert "+€1.20" in history


def test_a_purchase_that_gave_stamps_alone_is_no_purchase_without_anything(shop):
    with_rules(shop.aroma, Rule(rule_id("stamp"), "purchase", STAMPS, amount=1, gives="flat"))
    buy(shop.aroma, shop.mia, 7_00)
    assert "Nothing earned." not in text_of(desk_of(shop).get(f"{HOME}members/{shop.mia.id}/"))


def test_everything_a_member_takes_along_says_every_unit(shop):
    answer = phone_of(shop.aroma, shop.mia).get("/c/aroma/me/data.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        said = json.loads(archive.read(next(name for name in archive.namelist() if name.endswith(".json"))))
    assert said["standing"]["said"].endswith("1 stamp, €1.20 of credit")
    assert {line["unit"] for line in said["statement"]} == {"points", "stamps", "credit"}


def test_a_correction_is_made_in_the_unit_that_is_chosen(shop):
    client, page = desk_of(shop), f"{HOME}members/{shop.mia.id}/adjustment/"
    assert "1,218 points, 1 stamp, €1.20 of credit to use now" in text_of(client.get(page))
    sent = {"way": "give", "amount": "2", "unit": "stamps", "reason": "Sorry", "key": str(new_id())}
    answer = text_of(client.post(page, sent, follow=True))
    assert "+2 stamps for Mia." in answer
    assert '<p class="person__other">3 stamps</p>' in answer
    refused = client.post(page, sent | {"unit": "gold", "key": str(new_id())})
    assert refused.status_code == 422


def test_a_new_sentence_gives_the_unit_that_is_chosen(shop):
    client = desk_of(shop)
    assert '<select id="what-unit"' in text_of(client.get(f"{HOME}programme/"))
    page = text_of(
        client.post(f"{HOME}programme/rules/", {"what": "joining:flat", "unit": CREDIT}, follow=True)
    )
    assert drafted(shop.aroma).rules[-1].unit == CREDIT
    assert "€1</a>" in page
    client.post(f"{HOME}programme/rules/", {"what": "joining:flat", "unit": "gold"})
    assert drafted(shop.aroma).rules[-1].unit == drafted(shop.aroma).units[0].id


def test_what_gave_several_units_is_refunded_by_one_line(shop):
    story = text_of(desk_of(shop).get(f"{HOME}members/{shop.mia.id}/"))
    assert story.count("/refund/") == 4, "one for each of Mia's purchases"
