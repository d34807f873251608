"""Every page in Chromium, one load each: axe in both themes, its weight, and that it asks nobody else for anything."""

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import Response

from tests.axe import faults_in_both_themes
from tests.fixtures.browsers import PHONE
from tests.quality.pages import PAGES, Page, cookies_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

# experience.md: bytes over the wire, scripts included; fonts come on top and are kept for a year.
KILOBYTES = {"card": 60, "desk": 150, "settings": 150, "till": 150, "front": 150, "account": 150, "dev": 400}
NOT_WEIGHED = (".woff2", "/vendor/zxing-wasm/", "/vendor/barcode-detector/", "/vendor/qr")
LONG = {("desk", "olivia"): pytest.mark.long}  # with most of the pages
VISITS = [
    pytest.param(*visit, marks=LONG.get(visit, ()), id="-".join(visit))
    for visit in sorted({(page.kind, page.who) for page in PAGES})
]


class Visit:
    """A tab that notes what a page asked for and what it complained about."""

    def __init__(self, tab: Tab, origin: str) -> None:
        self.tab, self.origin = tab, origin
        self.responses: list[Response] = []
        self.complaints: list[str] = []
        tab.on("response", lambda response: self.responses.append(response))  # noqa: PLW0108  it keeps a note on it
        tab.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        tab.on("pageerror", lambda error: self.complaints.append(str(error)))

    def go(self, page: Page, path: str) -> list[str]:
        """What is wrong with this page; nothing, if all is well."""
        self.responses.clear()
        self.complaints.clear()
        self.tab.emulate_media(reduced_motion="reduce")
        answer = self.tab.goto(path)
        status = answer.status if answer else None
        wrong = [] if status == page.status else [f"answers {status}"]
        wrong += self._sideways() + faults_in_both_themes(self.tab)
        wrong += self._asked(page) + self._complained(
            page
        )  # last, for pages ask for things when they are there
        return [f"{page}: {each}" for each in wrong]

    def _asked(self, page: Page) -> list[str]:
        elsewhere = [
            each.url for each in self.responses if not each.url.startswith((self.origin, "data:", "blob:"))
        ]
        weighed = [each for each in self.responses if not any(part in each.url for part in NOT_WEIGHED)]
        weight = sum(size_of(each) for each in weighed) / 1000
        heavy = [f"weighs {weight:.0f} kB of {KILOBYTES[page.kind]}"] if weight > KILOBYTES[page.kind] else []
        return [f"asks {url}" for url in elsewhere] + heavy

    def _complained(self, page: Page) -> list[str]:
        # Chromium writes a line of its own for a page that was answered with an error, as some here are.
        own = f"the server responded with a status of {page.status}"
        return [f"says {text}" for text in self.complaints if page.status == 200 or own not in text]

    def _sideways(self) -> list[str]:
        wide = self.tab.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return [f"scrolls sideways by {wide} px"] if wide > 0 else []


def size_of(response: Response) -> int:
    """Bytes of the body as they were sent, compressed. Headers repeat, and HTTP/2 sends a repeated one in a byte or two."""
    return max(response.request.sizes()["responseBodySize"], 0)


@pytest.mark.parametrize(("kind", "who"), VISITS)
def test_every_page_is_open_to_all_light_and_alone(server, every_page, open_page, kind, who):
    tab = open_page(viewport=PHONE)
    cookies = cookies_of(who, every_page.world)
    tab.context.add_cookies(
        [{"name": name, "value": value, "url": server.url} for name, value in cookies.items()]
    )
    visit = Visit(tab, server.url)
    pages = [page for page in PAGES if (page.kind, page.who) == (kind, who)]
    assert [wrong for page in pages for wrong in visit.go(page, page.path(every_page))] == []
