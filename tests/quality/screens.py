"""Pictures of every page of the list, on a house of its own with the small cast. `bin/screens` runs it.

It keeps its house in .data-screens/, so that a second run begins at once. It checks nothing: a person looks.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from itertools import product

from config.embedded import EmbeddedPostgres
from tests.house.running import House, free_port
from tests.servers import ROOT, silent

FOLDER, DATA = ROOT / "screenshots", ROOT / ".data-screens"
WIDTHS, THEMES, LANGUAGES = (360, 1280), ("light", "dark"), ("en", "fr")
COMBINATIONS = list(product(WIDTHS, THEMES, LANGUAGES))


def main(wanted: list[str]) -> int:
    """All pages, or those whose name holds one of the words."""
    port = free_port()
    DATA.mkdir(exist_ok=True)
    with House(DATA, port):
        set_up_django(f"http://127.0.0.1:{port}")
        from tests.quality.pages import PAGES

        pages = [page for page in PAGES if not wanted or any(word in str(page) for word in wanted)]
        FOLDER.mkdir(exist_ok=True)
        for number, name in enumerate(photograph(pages, f"http://127.0.0.1:{port}"), start=1):
            print(f"\r{number} of {len(pages) * len(COMBINATIONS)}  {name:60}", end="", flush=True)
    write_sheet()
    print(f"\r{FOLDER.relative_to(ROOT)}/index.html shows them all.{'':50}")
    return 0


def set_up_django(base_url: str) -> None:
    """This process sees the database of the house, as its pages do."""
    postgres = EmbeddedPostgres(DATA, say=silent)
    os.environ |= {
        "HABITUE_ENV": "development",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright's loop runs in this thread, and asks nothing of the database
        "BASE_URL": base_url,
        "DATA_DIR": str(DATA),
        "DATABASE_URL": postgres.dsn("habitue_app", "habitue"),
        "REDIS_URL": f"unix://{postgres.run_folder}/valkey.sock",
    }
    import django

    django.setup()


def photograph(pages: list, base_url: str) -> Iterator[str]:
    """Every page in every combination; yields each picture's name."""
    from playwright.sync_api import sync_playwright

    from tests.quality.pages import cookies_of

    stage = stage_of_the_house()
    with sync_playwright() as playwright, chromium(playwright) as browser:
        for width, theme, language in COMBINATIONS:
            for who in sorted({page.who for page in pages}):
                context = browser.new_context(
                    base_url=base_url, viewport={"width": width, "height": 800}, color_scheme=theme,
                    locale=f"{language}-FR", reduced_motion="reduce", service_workers="block",
                )  # fmt: skip
                cookies = cookies_of(who, stage.world) | {"django_language": language}
                context.add_cookies(
                    [{"name": name, "value": value, "url": base_url} for name, value in cookies.items()]
                )
                tab = context.new_page()
                for page in (page for page in pages if page.who == who):
                    tab.goto(page.path(stage), wait_until="networkidle" if page.kind == "till" else "load")
                    name = f"{file_name(str(page))}-{width}-{theme}-{language}"
                    tab.screenshot(path=FOLDER / f"{name}.png", full_page=page.kind != "till")
                    yield name
                context.close()


@contextmanager
def chromium(playwright) -> Iterator:
    """Debian's Chromium."""
    from tests.fixtures.browsers import FLAGS, where_chromium_is

    browser = playwright.chromium.launch(executable_path=where_chromium_is(), args=FLAGS)
    yield browser
    browser.close()


def stage_of_the_house():
    """The seeded cast in the places of the tests' one."""
    from config.seeding.cast import OWNER
    from core import tenancy
    from loyalty.models import Purchase
    from members.models import Card
    from merchants import queries
    from merchants.models import StaffMember, User
    from tests.quality.codes import some_codes
    from tests.quality.links import some_links
    from tests.quality.pages import Stage, begin_draft
    from tests.quality.people import a_pending_confirmation, an_invitation, second_cards
    from tests.quality.rewards import some_rewards
    from tests.world import World

    aroma, bloom = queries.merchant_by_slug("aroma"), queries.merchant_by_slug("bloom")
    people = {name: User.objects.get(email=f"{name}@{shop}.example") for name, shop in
              (("olivia", "aroma"), ("sam", "aroma"), ("petra", "bloom"))}  # fmt: skip
    with tenancy.scope(aroma.id):
        cards = {
            name: Card.objects.select_related("member")
            .filter(member__name=name)
            .earliest("member__joined_at")
            for name in ("Mia", "Noah")
        }
        place = queries.locations()[0]
        owner = StaffMember.objects.get(user__email=OWNER)
        invitation = an_invitation(owner)
    mia, noah = cards["Mia"], cards["Noah"]
    world = World(
        aroma=aroma, bloom=bloom, **people, croix_rousse=place, bloom_shop=place, mia=mia.member, noah=noah.member,
        zoe=noah.member, mia_card=mia, noah_card=noah, zoe_card=noah, aroma_key="", bloom_key="",
    )  # fmt: skip
    with tenancy.scope(aroma.id):
        doubles = second_cards(world)
        codes = some_codes(world)
        rewards = some_rewards(world)
        links = some_links(world)
        begin_draft(world)
        purchase_id = Purchase.objects.filter(ended_at=None).latest("id").id
    return Stage(world, invitation, a_pending_confirmation(), purchase_id, *doubles, *codes, *rewards, *links)


def file_name(text: str) -> str:
    """Letters, figures and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def write_sheet() -> None:
    """The contact sheet: a row a page, a column a combination."""
    rows: dict[str, list[str]] = {}
    for picture in sorted(FOLDER.glob("*.png")):
        rows.setdefault(picture.stem.rsplit("-", 3)[0], []).append(picture.name)
    cells = "".join(
        f"<h2>{escape(name)}</h2><p>"
        + "".join(f'<a href="{each}"><img src="{each}" alt="{each}" loading="lazy"></a>' for each in pictures)
        for name, pictures in rows.items()
    )
    style = "body{font:15px sans-serif;margin:24px}img{height:260px;margin:0 8px 8px 0;border:1px solid #ccc}"
    FOLDER.joinpath("index.html").write_text(
        f"<!doctype html><meta charset=utf-8><title>Screens</title><style>{style}</style>{cells}",
        encoding="utf-8",
    )
