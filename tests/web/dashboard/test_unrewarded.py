"""Purchases that earned nothing, in the member's story."""

import html
import re

from core.ids import new_id
from tests.web.dashboard.test_member_story import story
from tests.web.desk import desk_of, text_of
from tests.world import buy


def test_a_purchase_that_earned_nothing_is_told_and_can_be_refunded(world):
    buy(world.aroma, world.noah, 40, key=new_id())
    desk = desk_of(world)
    page = desk.get(story(world.noah))
    for words in ("€0.40 spent", "Nothing earned. €0.60 short of the first point."):
        assert words in text_of(page)
    [refund] = re.findall(r'href="([^"]+/refund/)"', page.content.decode())
    assert "€0.40" in text_of(desk.get(refund))
    assert desk.post(refund, {"amount_minor": "0.40", "key": str(new_id())}).status_code == 302
    page = desk.get(story(world.noah))
    assert "Refunded since." in text_of(page)
    assert not re.findall(r'href="([^"]+/refund/)"', page.content.decode())


def test_purchases_that_earned_nothing_stand_on_the_page_of_their_time(world):
    buy(world.aroma, world.noah, 40, key=new_id())
    for _number in range(31):
        buy(world.aroma, world.noah, 100, key=new_id())
    desk = desk_of(world)
    newest = desk.get(story(world.noah))
    assert "€0.40" not in text_of(newest)
    [older] = re.findall(r'href="(\?before=[^"]+)"', newest.content.decode())
    page = desk.get(story(world.noah) + html.unescape(older))
    assert page.content.decode().count(">€0.40 spent</p>") == 1
