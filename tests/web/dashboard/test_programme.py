"""The programme's page and its name. The ladder, the sentences and publishing have their own tests."""

from core import tenancy
from loyalty.programme import versions
from tests.web.desk import HOME, desk_of, text_of, trips
from tests.world import signed_in

PAGE = f"{HOME}programme/"


def version_of(merchant) -> int:
    """The number in force."""
    with tenancy.scope(merchant.id):
        return versions.version_in_force().number


def test_the_page_says_what_is_in_force_and_since_when(world):
    page = text_of(desk_of(world).get(PAGE))
    assert "Version 2, since" in page
    assert "50 points" in page
    for name in ("Gold", "Silver", "Bronze"):
        assert name in page


def test_what_one_purchase_gives_is_worked_out_by_the_engine(world):
    page = text_of(desk_of(world).get(PAGE))
    assert "A purchase of €12" in page
    for amount in ("+18", "+15", "+12"):
        assert amount in page


def test_the_programme_is_renamed(world):
    response = desk_of(world).post(f"{PAGE}name/", {"name": "Carte <Aroma>"}, follow=True)
    assert "Carte &lt;Aroma&gt;" in text_of(response)
    assert "<Aroma>" not in text_of(response)


def test_a_programme_needs_a_name(world):
    response = desk_of(world).post(f"{PAGE}name/", {"name": " "})
    assert response.status_code == 422
    assert 'id="programme_name_error"' in text_of(response)


def test_htmx_gets_the_part_and_everybody_else_the_page(world):
    client = desk_of(world)
    refused = client.post(f"{PAGE}name/", {"name": ""}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert text_of(refused).lstrip().startswith('<div class="work" id="work"')
    changed = client.post(
        f"{PAGE}name/", {"name": "Carte Aroma"}, headers={"HX-Request": "true"}, follow=True
    )
    assert "<html" not in text_of(changed)
    assert "1 change from version 2" in text_of(changed)
    assert '<span id="programme-name" hx-swap-oob="true">Carte Aroma</span>' in text_of(changed)
    assert "HX-Request" in changed["Vary"]


def test_a_forms_address_opened_by_hand_leads_to_the_page(world):
    response = desk_of(world).get(f"{PAGE}name/")
    assert (response.status_code, response["Location"]) == (302, PAGE)


def test_figures_are_written_in_the_readers_language(world):
    page = text_of(desk_of(world).get(PAGE, headers={"Accept-Language": "fr"}))
    assert 'value="1,25"' in page
    assert "× 1,25" in page


def test_a_cashier_cannot_change_the_rules(world):
    response = signed_in(world.sam).post(f"{PAGE}expiry/limits/", {"static_a_day": "0"})
    assert response.status_code == 403
    assert version_of(world.aroma) == 2


def test_the_page_needs_few_trips(world):
    assert trips(desk_of(world), PAGE) == 10
