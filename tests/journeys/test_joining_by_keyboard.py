"""Joining without a mouse: the first field is ready, Tab goes on in reading order, Enter sends, a slip gets the focus."""

from playwright.sync_api import expect

from tests.fixtures.browsers import PHONE


def focused(page):
    """The name of the field, or the words of the button, that has the focus."""
    return page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()")


def test_a_newcomer_joins_with_the_keyboard_alone(server, world, open_page):
    page = open_page(viewport=PHONE)
    page.goto(f"{server.url}/c/aroma/join")
    order = []
    for typed in ("Eve", "06 11 22 33 44", "", "31/02/1990", None, None):
        order.append(focused(page))
        if typed is None:
            page.keyboard.press("Space")
        else:
            page.keyboard.type(typed)
        page.keyboard.press("Tab")
    assert order == ["name", "phone", "email", "birthday", "points_email", "news_email"]
    assert focused(page) == "Get my card"
    page.keyboard.press("Enter")

    expect(page.get_by_text("day/month/year")).to_be_visible()
    assert focused(page) == "birthday"
    page.keyboard.press("Control+a")
    page.keyboard.type("28/02/1990")
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{server.url}/c/aroma/")
    expect(page.locator(".card-balance").first).to_contain_text("50")
