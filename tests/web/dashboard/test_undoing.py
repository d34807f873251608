"""Refund, cancel, adjust at the desk: what follows is said before, done once, and told after."""

import re

import pytest

from core import tenancy
from core.ids import new_id, read_id
from loyalty.membership.story import story_of
from loyalty.models import Purchase, Refund
from tests.loyalty.purchases.test_cancelling import bought, standing, use
from tests.loyalty.purchases.test_paying import pay, paying, units
from tests.loyalty.purchases.test_refunding import told
from tests.web.card.conftest import phone_of
from tests.web.dashboard.test_member_story import story
from tests.web.desk import HOME, desk_of, manager_of, text_of, trips
from tests.world import points_of, signed_in

__all__ = ["paying"]


def page(purchase_id, what="refund"):
    return f"{HOME}purchases/{purchase_id}/{what}/"


def words(response):
    """What a page says, in one line."""
    text = re.sub(r"<(script|style|svg|template).*?</\1>", " ", text_of(response), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("&#x27;", "’").split())


def after(client, path, data=None):
    """The page that a form leads to."""
    return client.post(path, data or {}, follow=True)


def form_of(client, path):
    """What the page's form would send."""
    return {field.name: field.value() or "" for field in client.get(path).context["form"]}


def test_the_page_is_filled_with_what_is_left_and_says_what_follows(world):
    purchase_id = bought(world, world.noah, 26_000)
    said = words(desk_of(world).get(page(purchase_id)))
    for sentence in (
        "Refund the purchase of €260.00",
        "Noah ·",
        "Takes back 260 points.",
        "Noah goes from Silver to Bronze.",
    ):
        assert sentence in said
    assert form_of(desk_of(world), page(purchase_id))["amount_minor"] == "260"
    assert points_of(world.aroma, world.noah) == 310


def test_a_refund_of_what_units_paid_says_how_much_of_it_is_money(paying):
    purchase_id = read_id("pur", told(pay(paying, units(100), 1000))["id"])  # €5 by 100 points
    said = words(desk_of(paying).get(page(purchase_id), {"amount_minor": "4"}))
    assert "In money €2.00 go back; units paid the rest. Takes back 2 points. Gives back 40 points." in said
    done = words(after(desk_of(paying), page(purchase_id), {"amount_minor": "4", "key": str(new_id())}))
    assert "€4.00 refunded. In money €2.00 go back" in done


def test_another_amount_in_the_address_says_what_follows_from_that_as_page_and_as_part(world):
    purchase_id = bought(world, world.noah, 26_000)
    client = desk_of(world)
    assert "Takes back 5 points." in words(client.get(page(purchase_id), {"amount_minor": "5,00"}))
    part = client.get(page(purchase_id), {"amount_minor": "5"}, headers={"HX-Request": "true"})
    assert words(part) == "What follows Takes back 5 points."
    for amount, sentence in (("260.01", "more than is left"), ("x", "as a number"), ("0", "more than zero")):
        assert sentence in words(client.get(page(purchase_id), {"amount_minor": amount}))


def test_a_refund_is_done_once_however_often_it_is_sent_and_the_toast_says_what_it_did(world):
    purchase_id = bought(world, world.mia, 1_200)
    client = desk_of(world)
    sent = form_of(client, page(purchase_id)) | {"amount_minor": "5", "reason": "A cold latte"}
    first = after(client, page(purchase_id), sent)
    after(client, page(purchase_id), sent)
    assert "€5.00 refunded. Takes back 7 points." in words(first)
    assert points_of(world.aroma, world.mia) == 1211
    told = words(client.get(story(world.mia)))
    for sentence in (
        "€5.00 of a purchase of €12.00 refunded",
        "Takes back 7 of the 18 it had given. “A cold latte” By Olivia.",
        "€5.00 refunded since.",
    ):
        assert sentence in told
    assert "A cold latte" in words(phone_of(world.aroma, world.mia).get("/c/aroma/history"))


@pytest.mark.parametrize("amount", ["12.01", "0", "-1", "1.234", "", "x"])
def test_an_amount_that_cannot_be_is_refused_at_its_field(world, amount):
    purchase_id = bought(world, world.mia, 1_200)
    client = desk_of(world)
    response = client.post(page(purchase_id), form_of(client, page(purchase_id)) | {"amount_minor": amount})
    assert response.status_code == 422
    assert response.context["form"].errors["amount_minor"]
    with tenancy.scope(world.aroma.id):
        assert not Refund.objects.exists()


def test_a_purchase_is_cancelled_after_one_question(world):
    purchase_id = bought(world, world.noah, 26_000)
    use(world, world.noah, 300)
    client = desk_of(world)
    asked = words(client.get(page(purchase_id, "void")))
    assert "Takes back 260 points. Noah goes from Silver to Bronze. Noah owes 250 points" in asked
    assert standing(world, world.noah).debt == 0
    done = words(after(client, page(purchase_id, "void")))
    assert "The purchase of €260.00 is cancelled. Takes back 260 points." in done
    assert "Noah owes 250 points: the next ones repay that first." in done
    assert standing(world, world.noah).debt == 250
    assert "This purchase is cancelled already." in words(client.get(page(purchase_id, "void"), follow=True))
    assert "Refund…" not in words(client.get(story(world.noah)))


def test_what_is_owed_is_told_at_the_card_too(world):
    purchase_id = bought(world, world.noah, 1_000)
    use(world, world.noah, 60)
    after(desk_of(world), page(purchase_id, "void"))
    assert "To repay: 10 points. The next ones go there first." in words(
        phone_of(world.aroma, world.noah).get("/c/aroma/history")
    )


def test_points_are_adjusted_for_a_reason_and_the_toast_takes_it_back(world):
    client, path = desk_of(world), f"{HOME}members/{world.mia.id}/adjustment/"
    sent = form_of(client, path) | {"way": "take", "amount": "30", "reason": "Counted twice"}
    done = after(client, path, sent)
    after(client, path, sent)
    assert "−30 for Mia." in words(done)
    assert points_of(world.aroma, world.mia) == 1170
    told = words(client.get(story(world.mia)))
    assert "Corrected by hand “Counted twice” By Olivia. −30" in told
    [undo] = re.findall(r'action="([^"]+/undo/)"', text_of(done))
    assert "Taken back." in words(after(client, undo))
    assert points_of(world.aroma, world.mia) == 1200
    assert client.get(undo).status_code == 302


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"way": "take", "amount": "1201", "reason": "x"}, None),
        ({"amount": "0", "reason": "x"}, "amount"),
        ({"amount": "1000001", "reason": "x"}, "amount"),
        ({"amount": "ten", "reason": "x"}, "amount"),
        ({"amount": "5", "reason": " "}, "reason"),
        ({"amount": "5", "reason": "x" * 201}, "reason"),
        ({"amount": "5", "reason": "a\u202eb"}, "reason"),
        ({"amount": "5", "reason": "x", "way": "steal"}, "way"),
    ],
)
def test_an_adjustment_that_cannot_be_comes_back_with_what_is_wrong(world, sent, field):
    client, path = desk_of(world), f"{HOME}members/{world.mia.id}/adjustment/"
    response = client.post(path, form_of(client, path) | sent)
    assert response.status_code == 422
    assert response.context["form"].errors[field or "__all__"]
    assert points_of(world.aroma, world.mia) == 1200


def test_managers_may_and_cashiers_and_strangers_may_not(world):
    purchase_id = bought(world, world.mia, 1_200)
    paths = [page(purchase_id), page(purchase_id, "void"), f"{HOME}members/{world.mia.id}/adjustment/"]
    for path in paths:
        assert (
            signed_in(manager_of(world.aroma) if path == paths[0] else world.olivia).get(path).status_code
            == 200
        )
        for method in ("get", "post"):
            assert getattr(signed_in(world.sam), method)(path).status_code == 403
            assert getattr(signed_in(world.petra), method)(path).status_code == 404
            assert getattr(signed_in(world.petra), method)(path.replace("aroma", "bloom")).status_code == 404
        assert (
            desk_of(world)
            .get(path.replace(str(purchase_id), str(new_id())).replace(str(world.mia.id), str(new_id())))
            .status_code
            == 404
        )
    assert points_of(world.aroma, world.mia) == 1218
    with tenancy.scope(world.aroma.id):
        assert Purchase.objects.get(id=purchase_id).ended_at is None


def test_every_kind_of_line_reads_well(world):
    """What happens to units by itself, or for what is to come, has words of its own."""
    client = desk_of(world)
    use(world, world.mia, 30)
    with tenancy.scope(world.aroma.id):
        lines = story_of(world.mia.id, limit=1)
    assert lines[0].kind == "spend"
    said = words(client.get(story(world.mia)))
    assert "Used" in said
    assert "Points used" not in said


def test_the_pages_are_quick(world):
    purchase_id = bought(world, world.mia, 1_200)
    assert trips(desk_of(world), f"{HOME}members/{world.mia.id}/adjustment/") <= 12
    assert trips(desk_of(world), story(world.mia)) <= 12
    assert trips(desk_of(world), page(purchase_id)) <= 12
    lifting = bought(world, world.noah, 26_000)
    assert trips(desk_of(world), page(lifting, "void")) <= 12
