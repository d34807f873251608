"""The programme's page: its name and what purchases and joining give. The ladder has its own tests."""

from core import tenancy
from loyalty import programme
from tests.web.desk import HOME, desk_of, drafted, publish, text_of, trips
from tests.world import signed_in

PAGE = f"{HOME}programme/"
EARNING = {"amount": "2", "money": "5", "welcome": "10"}


def rules_of(merchant) -> dict[str, tuple[int, int]]:
    """What the draft says: trigger → (amount, per_minor)."""
    return {rule.trigger: (rule.amount, rule.per_minor) for rule in drafted(merchant).rules}


def version_of(merchant) -> int:
    """The number in force."""
    with tenancy.scope(merchant.id):
        return programme.version_in_force().number


def test_the_page_says_what_is_in_force_and_since_when(world):
    page = text_of(desk_of(world).get(PAGE))
    assert "Version 2, since" in page
    assert 'value="50"' in page
    for name in ("Gold", "Silver", "Bronze"):
        assert name in page


def test_what_one_purchase_gives_is_worked_out_by_the_engine(world):
    page = text_of(desk_of(world).get(PAGE))
    assert "A purchase of €12" in page
    for amount in ("+18", "+15", "+12"):
        assert amount in page


def test_the_earn_rule_changes_in_the_draft_and_counts_once_published(world):
    client = desk_of(world)
    response = client.post(f"{PAGE}earning/", EARNING, follow=True)
    assert response.redirect_chain == [(PAGE, 302)]
    assert "2 changes from version 2" in text_of(response)
    assert rules_of(world.aroma) == {"purchase": (2, 500), "joining": (10, 0)}
    assert version_of(world.aroma) == 2
    assert "Version 3 is in force." in text_of(publish(client))
    assert version_of(world.aroma) == 3
    assert rules_of(world.aroma) == {"purchase": (2, 500), "joining": (10, 0)}


def test_a_welcome_of_nothing_is_no_rule(world):
    desk_of(world).post(f"{PAGE}earning/", EARNING | {"welcome": ""})
    assert set(rules_of(world.aroma)) == {"purchase"}


def test_money_is_typed_as_people_write_it(world):
    desk_of(world).post(f"{PAGE}earning/", EARNING | {"money": "2,50 €"})
    assert rules_of(world.aroma)["purchase"] == (2, 250)


REFUSED = {
    "amount": ["0", "", "-1", "many", "9" * 5000],
    "money": ["", "0", "-5", "1.005", "1000000000000", "NaN"],
    "welcome": ["-1", "1000001"],
}


def test_a_rule_that_cannot_be_is_refused_at_its_field(world):
    client, before = desk_of(world), rules_of(world.aroma)
    for field, values in REFUSED.items():
        for value in values:
            response = client.post(f"{PAGE}earning/", EARNING | {field: value})
            assert response.status_code == 422, value
            assert f'id="earning_{field}_error"' in text_of(response)
    assert (rules_of(world.aroma), version_of(world.aroma)) == (before, 2)


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
    response = desk_of(world).get(f"{PAGE}earning/")
    assert (response.status_code, response["Location"]) == (302, PAGE)


def test_figures_are_written_in_the_readers_language(world):
    desk_of(world).post(f"{PAGE}earning/", EARNING | {"money": "2.50"})
    page = text_of(desk_of(world).get(PAGE, headers={"Accept-Language": "fr"}))
    assert 'value="2,50"' in page
    assert "× 1,25" in page


def test_a_cashier_cannot_change_the_rules(world):
    response = signed_in(world.sam).post(f"{PAGE}earning/", EARNING)
    assert response.status_code == 403
    assert version_of(world.aroma) == 2


def test_the_page_needs_few_trips(world):
    assert trips(desk_of(world), PAGE) == 9
