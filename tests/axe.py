"""What axe finds on a page that has come to rest: colours in the midst of a change are nobody's."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.servers import wait_for

# What moves for seconds, as the ground of an Undo runs out, is what the page shows and no change between two of its states.
AT_REST = """() => document.getAnimations().every(
    each => each.playState !== "running" || each.effect.getComputedTiming().endTime > 3000)"""


def axe(page: Page, **asked: Any) -> AxeResults:
    """What is wrong, once every change from one state to another is done. `asked` is what axe is run with."""
    wait_for(lambda: bool(page.evaluate(AT_REST)), what="the page to come to rest")
    is_there = page.evaluate(
        "'axe' in window"
    )  # from an earlier look at this page: half a megabyte to read again
    asked["options"] = {
        "resultTypes": ["violations"],  # what passes need not be told of: that is most of the work
        **(asked.get("options") or {}),
    }
    return Axe("0" if is_there else AXE_SCRIPT).run(page, **asked)


def faults_of(tab: Page, *, of: tuple[str, ...] = (), but: str = "") -> list[str]:
    """What axe finds, short enough to read: of these rules or of all, and not in what `but` selects."""
    options = {"runOnly": list(of)} if of else {}
    found = axe(tab, context={"exclude": [[but]]} if but else None, options=options).response
    assert of or len(found["passes"]) > 10, f"it did not look at {tab.url}"
    return [f"{fault['id']} {node['html'][:140]}" for fault in found["violations"] for node in fault["nodes"]]


def faults_in_both_themes(tab: Page) -> list[str]:
    """All that axe finds in light, and of dark the contrast: a theme changes colours alone. Leaves the tab in light."""
    found = {}
    for theme in ("dark", "light"):
        tab.emulate_media(color_scheme=theme)
        found[theme] = faults_of(tab, of=("color-contrast",) if theme == "dark" else ())
    return [f"{theme}: {fault}" for theme, faults in found.items() for fault in faults]
