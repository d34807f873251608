"""Every page as it is sent: few questions to the database, a strict policy, nothing inline, the reader's figures."""

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from tests.quality.pages import PAGES, Page, Stage, client_of
from tests.web.desk import as_in_life, trips

MOST_QUERIES = 12  # experience.md
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:|hx-on")

ADDRESSES = re.compile(r"\S+@\S+|https?://\S+|Apache-2\.0|#[0-9a-f]{6}")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
SHORT = "Jan|Feb|Apr|Jun|Jul|Aug|Sep|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun"
NOT_FRENCH = {
    "a comma between thousands": r"\b\d{1,3},\d{3}\b",
    "a decimal point": r"\b\d+\.\d{1,2}\b(?!\.)",
    "the currency first": r"[€$£]\s?\d",
    "a space that breaks, before the euro or between thousands": r"\d €|\b\d{1,3} \d{3}\b",
    "an English month or day": rf"\b(?:{MONTHS}|{DAYS}|{SHORT})\b(?!\.)",
    "an English clock": r"\d ?(?:a\.?m\.?|p\.?m\.?)\b",
    "a month before its day, or an ISO date": r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}/\d{1,2}/\d{4}\b",
}


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_is_light_strict_and_in_the_readers_words(every_page, mail_folder, page):
    client, path = client_of(page.who, every_page.world), page.path(every_page)
    as_in_life()
    asked = 0 if page.kind == "dev" else trips(client, path)
    response = client.get(path, follow=True)
    policy = response["Content-Security-Policy"].replace("'wasm-unsafe-eval'", "")
    assert (response.status_code, "unsafe" in policy, INLINE.findall(response.content.decode())) == (
        page.status,
        False,
        [],
    )
    assert asked <= MOST_QUERIES
    assert page.kind == "dev" or english_in(page, every_page) == {}


def english_in(page: Page, stage: Stage) -> dict[str, list[str]]:
    """English figures and dates that a French reader of this page would meet."""
    later = timezone.now() + dt.timedelta(days=40)  # so that dates are written as dates
    with time_machine.travel(later, tick=False):
        client = client_of(page.who, stage.world, headers={"accept-language": "fr"})
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
        seen = seen_in(client.get(page.path(stage), follow=True).content.decode())
    return {name: found for name, wrong in NOT_FRENCH.items() if (found := re.findall(wrong, seen))}


class Reader(HTMLParser):
    """Gathers what a person sees or hears of a page, but what says of itself that it is in another language."""

    VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
    UNSEEN = {"script", "style", "code", "template", "noscript", "head"}

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Attributes are read out too; in what is skipped, only its depth is counted."""
        given = dict(attrs)
        is_foreign = tag != "button" and given.get("lang", "fr") != "fr"
        if tag not in self.VOID and (self.skipped or tag in self.UNSEEN or is_foreign):
            self.skipped += 1
        if not self.skipped:
            self.words += [given.get(name) or "" for name in ("alt", "title", "aria-label", "placeholder")]

    def handle_endtag(self, tag: str) -> None:
        """One level up."""
        if self.skipped and tag not in self.VOID:
            self.skipped -= 1

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self.skipped:
            self.words.append(data)


def seen_in(page: str) -> str:
    """What is left to read, without addresses."""
    reader = Reader()
    reader.feed(page)
    return ADDRESSES.sub(" ", "\n".join(reader.words))


@pytest.mark.parametrize(
    "wrong",
    [
        "1,284",
        "12.50",
        "€12",
        "2 November",
        "Nov 2",
        "Thu",
        "9:41 am",
        "2026-11-23",
        "11/23/2026",
        "1 284 points",
    ],
)
def test_the_search_for_english_figures_finds_them(wrong):
    assert any(re.search(pattern, f"<p>{wrong}</p>") for pattern in NOT_FRENCH.values())


@pytest.mark.parametrize(
    "right",
    ["1\u202f284", "12,50\u00a0€", "le 2 novembre", "9:41", "mar. 3 nov.", "23/11", "47", "1,5", "× 1,25"],
)
def test_and_leaves_french_ones_alone(right):
    assert [name for name, pattern in NOT_FRENCH.items() if re.search(pattern, right)] == []
