"""A camera opens a printed link: the page of its own merchant's, counted once a person and day, and by people alone."""

import io

import pytest
import zxingcpp
from django.test import Client
from PIL import Image

from core import tenancy
from members.models import Member
from merchants import locations
from merchants.models import Location
from rewards.models import Reward
from studio.counting import Figures, figures_of
from studio.links import NewLink, letters_of, link_address, make_link, rename_link, stop_link
from studio.models import Link
from tests.analytics.test_rollups import deliver_all
from tests.rewards.offering import A_BUNCH, offered
from tests.web.card.conftest import phone_of, words_of
from tests.web.desk import desk_of

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"
CUBOT = "Mozilla/5.0 (Linux; Android 14; CUBOT KINGKONG) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"


def a_link(world, kind="join", label="Window", **more):
    with tenancy.scope(world.aroma.id):
        return make_link(asked=NewLink(kind, label, **more), actor_id=None)


def path_of(world, link):
    return f"/q/{letters_of(world.aroma.number)}/{link.letters}"


def camera(**headers):
    """The browser of a phone that holds no card."""
    return Client(headers={"user-agent": IPHONE} | headers)


def came(world, link):
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        return figures_of([link])[link.id]


def a_reward(world, **more):
    with tenancy.scope(world.aroma.id):
        from loyalty.models import Unit

        return offered(unit_id=Unit.objects.get().id, **A_BUNCH | more)


def test_from_the_scan_to_the_card_with_the_place_and_the_count(world):
    link, phone = a_link(world, location_id=world.croix_rousse.id), camera()
    led = phone.get(path_of(world, link))
    assert (led.status_code, led["Location"]) == (302, f"/c/aroma/join?link={link.letters}")
    assert "no-store" in led["Cache-Control"]
    assert came(world, link) == Figures(scans=1)
    form = phone.get(led["Location"])
    assert f'value="{link.letters}"' in form.content.decode()
    assert came(world, link) == Figures(scans=1, opened=1)
    phone.post("/c/aroma/join", {"name": "Léa", "phone": "0611223344", "link": link.letters})
    assert came(world, link) == Figures(scans=1, opened=1, joined=1)
    with tenancy.scope(world.aroma.id):
        assert Member.objects.get(name="Léa").location_id == world.croix_rousse.id


def test_the_same_phone_counts_once_and_the_next_one_again(world):
    link, phone = a_link(world), camera()
    for visitor in (phone, phone, camera()):
        assert visitor.get(path_of(world, link)).status_code == 302
    assert came(world, link).scans == 2


def test_its_word_ends_with_the_day_and_goes_to_this_merchant_alone(world):
    cookies = camera().get(path_of(world, a_link(world))).cookies
    assert {name: kept["path"] for name, kept in cookies.items()} == {
        "habitue_scan": f"/q/{letters_of(world.aroma.number)}/",
        "habitue_seen": "/c/aroma/",
    }
    for kept in cookies.values():
        assert 0 < kept["max-age"] <= 25 * 3600
        assert (kept["httponly"], kept["samesite"]) == (True, "Lax")


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "WhatsApp/2.24.1 A"},
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"user-agent": "facebookexternalhit/1.1"},
        {"user-agent": "curl/8.5.0"},
        {"user-agent": ""},
        {"user-agent": "node"},
        {"user-agent": "axios/1.7.2"},
        {"user-agent": "Iframely/1.3.1 (+https://iframely.com/docs/about)"},
        {"user-agent": "Mozilla/5.0 (compatible; Google-InspectionTool/1.0;)"},
        {"sec-purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
        {"x-moz": "prefetch"},
        {"sec-fetch-dest": "image"},
    ],
)
def test_previews_and_prefetchers_are_led_on_and_not_counted(world, headers):
    link = a_link(world)
    answer = camera(**headers).get(path_of(world, link))
    assert answer.status_code == 302
    assert answer.cookies == {}
    assert came(world, link) == Figures()


def test_a_phone_whose_maker_sounds_like_a_program_is_a_phone(world):
    link = a_link(world)
    camera(**{"user-agent": CUBOT}).get(path_of(world, link))
    assert came(world, link).scans == 1


def test_a_head_is_answered_alike_and_not_counted(world):
    link = a_link(world)
    answer = camera().head(path_of(world, link))
    assert (answer.status_code, answer["Location"]) == (302, f"/c/aroma/join?link={link.letters}")
    assert came(world, link) == Figures()
    assert camera().post(path_of(world, link)).status_code == 405


def test_one_address_is_counted_so_often_an_hour_and_led_on_for_ever(world, monkeypatch):
    monkeypatch.setattr("web.card.links.MOST_SCANS", 1)
    link = a_link(world)
    assert [camera().get(path_of(world, link)).status_code for _time in range(2)] == [302, 302]
    assert came(world, link).scans == 1


def test_who_tries_letters_is_stopped(world, monkeypatch):
    monkeypatch.setattr("web.card.links.MOST_MISSES", 1)
    wrong = f"/q/{letters_of(world.aroma.number)}/222222"
    assert [camera().get(wrong).status_code for _time in range(2)] == [404, 429]


def test_who_tries_letters_learns_of_no_hit_either(world, monkeypatch):
    monkeypatch.setattr("web.card.links.MOST_MISSES", 1)
    link, wrong = a_link(world), f"/q/{letters_of(world.aroma.number)}/222222"
    for _time in range(2):
        camera().get(wrong)
    assert camera().get(path_of(world, link)).status_code == 429


@pytest.mark.parametrize("path", ["/q/2222/222222", "/q/zzzzzzz/abcdef", "/q/%00/abcdef", "/q/a/é", "/q/a/"])
def test_what_is_no_link_is_not_there(world, path):
    assert camera().get(path).status_code == 404


def test_a_link_opens_no_page_of_another_merchants(world):
    link = a_link(world)
    assert camera().get(f"/q/{letters_of(world.bloom.number)}/{link.letters}").status_code == 404
    phone = camera()
    assert phone.get("/c/bloom/join", {"link": link.letters}).status_code == 200
    phone.post("/c/bloom/join", {"name": "Eve", "email": "eve@example.org", "link": link.letters})
    deliver_all(world.bloom)
    assert came(world, link) == Figures()


def test_no_words_of_the_merchants_change_where_it_leads(world):
    link = a_link(world, partner="//evil.test", campaign="?next=https://evil.test")
    before = camera().get(path_of(world, link))["Location"]
    with tenancy.scope(world.aroma.id):
        rename_link(link_id=link.id, label="https://evil.test/#", actor_id=None)
    assert camera().get(path_of(world, link))["Location"] == before


HOSTILE = "https://evil.test/@//evil.test?next=//evil.test#/q/"


def test_neither_what_a_shop_says_of_itself_nor_of_its_places_and_rewards_changes_where_a_code_leads(
    world, settings
):
    reward = a_reward(world)
    hung = [a_link(world, location_id=world.croix_rousse.id), a_link(world, "reward", reward_id=reward.id)]
    before = [(printed(world, link), camera().get(path_of(world, link))["Location"]) for link in hung]
    with tenancy.scope(world.aroma.id):
        world.aroma.name = HOSTILE[:60]
        world.aroma.save(update_fields=["name"])
        Location.objects.update(name=HOSTILE, address=HOSTILE, map_url=HOSTILE)
        Reward.objects.update(names={"en": HOSTILE, "fr": HOSTILE})
        Link.objects.update(label=HOSTILE, partner=HOSTILE, campaign=HOSTILE)
    assert [(printed(world, link), camera().get(path_of(world, link))["Location"]) for link in hung] == before
    for text, led in before:
        assert text.startswith(f"{settings.BASE_URL}/q/")
        assert led.startswith("/c/aroma/")


def printed(world, link):
    """What a reader finds in the file that the desk gives to the printer."""
    file = desk_of(world).get(f"/dashboard/aroma/studio/{link.id}/code.png")
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(file.content)))
    return found.text


def test_a_stopped_link_says_so_kindly_and_is_not_counted(world):
    link = a_link(world)
    with tenancy.scope(world.aroma.id):
        stop_link(link_id=link.id, actor_id=None)
    answer = camera().get(path_of(world, link))
    assert answer.status_code == 410
    assert "Aroma does not use it any more" in words_of(answer)
    assert 'href="/c/aroma/join"' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert came(world, link) == Figures()


def test_a_link_that_was_stopped_since_brings_nobody_and_lends_no_place(world):
    link, phone = a_link(world, location_id=world.croix_rousse.id), camera()
    phone.get(path_of(world, link))
    with tenancy.scope(world.aroma.id):
        stop_link(link_id=link.id, actor_id=None)
    phone.get("/c/aroma/join", {"link": link.letters})
    phone.post("/c/aroma/join", {"name": "Léa", "phone": "0611223344", "link": link.letters})
    assert came(world, link) == Figures(scans=1)
    with tenancy.scope(world.aroma.id):
        assert Member.objects.get(name="Léa").location_id is None


def test_who_has_a_card_is_taken_to_it_and_has_seen_it(world):
    link, phone = (
        a_link(world, "table", "Table 7"),
        phone_of(world.aroma, world.mia, headers={"user-agent": IPHONE}),
    )
    landed = phone.get(path_of(world, link), follow=True)
    assert landed.redirect_chain[-1] == ("/c/aroma/", 302)
    assert came(world, link) == Figures(scans=1, opened=1)


def test_a_rewards_link_leads_to_the_reward_or_by_the_form_to_joining(world):
    reward = a_reward(world)
    link = a_link(world, "reward", "Counter", reward_id=reward.id)
    mia = phone_of(world.aroma, world.mia, headers={"user-agent": IPHONE})
    landed = mia.get(path_of(world, link), follow=True)
    assert landed.redirect_chain == [(f"/c/aroma/rewards/{reward.id}?link={link.letters}", 302)]
    assert landed.status_code == 200
    newcomer = camera()
    landed = newcomer.get(path_of(world, link), follow=True)
    assert landed.redirect_chain[-1] == (f"/c/aroma/join?link={link.letters}", 302)
    assert came(world, link) == Figures(scans=2, opened=2)


def test_a_reward_that_is_not_offered_any_more_leads_to_the_others(world):
    link = a_link(world, "reward", "Counter", reward_id=a_reward(world).id)
    with tenancy.scope(world.aroma.id):
        Reward.objects.update(status=Reward.Status.ARCHIVED)
    assert camera().get(path_of(world, link))["Location"] == f"/c/aroma/rewards?link={link.letters}"


def test_a_place_that_closed_is_nobodys_place(world):
    with tenancy.scope(world.aroma.id):
        other = locations.add_location(name="Vieux Lyon")
        link = make_link(asked=NewLink("join", "x", location_id=other.id), actor_id=None)
        locations.close_location(location_id=other.id, actor=None)
    camera().post("/c/aroma/join", {"name": "Léa", "phone": "0611223344", "link": link.letters})
    with tenancy.scope(world.aroma.id):
        assert Member.objects.get(name="Léa").location_id is None


@pytest.mark.parametrize("link", ["", "222222", "nonsense", "\x00", "é" * 6, "x" * 5000])
def test_a_hint_that_is_none_is_no_error(world, link):
    phone = camera()
    assert phone.get("/c/aroma/join", {"link": link}).status_code == 200
    answer = phone.post("/c/aroma/join", {"name": "Léa", "phone": "0611223344", "link": link})
    assert answer.status_code in (302, 422)  # what no database can keep is refused by the form


def test_a_printed_link_is_no_card_at_the_till(world):
    from members.cards import CardUnreadable, read

    with pytest.raises(CardUnreadable):
        read(link_address(a_link(world), world.aroma), world.aroma)
