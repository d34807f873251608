"""Points e-mails: to those who agreed, in their language, in the merchant's name, once."""

import datetime as dt
from dataclasses import replace

import orjson
import pytest
import time_machine
from django.core import mail

from config.subscriptions import SUBSCRIPTIONS
from core import outbox, tenancy
from core.ids import new_id, read_id
from core.models import Event
from integrations.notifications.messages import send_message
from integrations.notifications.models import Message
from integrations.notifications.receipts import warning_of
from loyalty.ledger import postings, statements
from loyalty.purchases.cancelling import cancel_purchase
from loyalty.standings.reviewing import review_shop
from members import profiles
from tests.analytics.test_rollups import deliver_all
from tests.loyalty.ruled import per_euro, stamps, with_rules
from tests.loyalty.standings.test_climbing import climb_by
from tests.web.card.conftest import phone_of
from tests.web.card.test_merged_telling import data_files
from tests.web.dashboard.test_member_story import story
from tests.web.desk import desk_of, text_of
from tests.world import buy, today_at
from web.scanner.cancelling import GRACE


@pytest.fixture
def quiet(world, settings):
    """Nothing waits any more; what is sent lands in `mail.outbox`."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    deliver_all(world.aroma)
    mail.outbox.clear()
    return world


def next_december(merchant):
    """In the year after this one, by the shop's calendar: on New Year's Eve that may be another than the world's."""
    return dt.datetime(today_at(merchant).year + 1, 12, 15, 12, tzinfo=dt.UTC)


def test_points_bring_an_e_mail_with_reason_balance_and_card(quiet):
    buy(quiet.aroma, quiet.mia, 1250)
    deliver_all(quiet.aroma)
    [message] = mail.outbox
    assert message.to == ["mia@example.org"]
    assert message.subject == "+18 points at Aroma"
    assert message.from_email.startswith("Aroma <")
    for words in ("Thank you Mia", "12 × 1.5 (Gold)", "1,218 points", "Gold", "/c/aroma/link/"):
        assert words in message.body
    assert ">+18</p>" in message.alternatives[0][0]


def test_what_several_rules_gave_for_a_purchase_is_one_e_mail(quiet):
    stamp = replace(per_euro(quiet.aroma, "stamps", per_minor=1_000), unit=stamps().id)
    rules = [per_euro(quiet.aroma, "points"), per_euro(quiet.aroma, "more", per_minor=500), stamp]
    with_rules(quiet.aroma, *rules, units=(stamps(),))
    buy(quiet.aroma, quiet.mia, 2_000)
    deliver_all(quiet.aroma)
    [message] = mail.outbox
    assert message.subject == "+36 points at Aroma"  # (20 + 4) × 1.5
    for words in ("+20", "+10", "+4", "+2", "+3 stamps", "1,236 points"):
        assert words in message.body


def test_a_stamp_alone_is_told_as_a_stamp(quiet):
    stamp = replace(per_euro(quiet.aroma, "stamps", per_minor=1_000), unit=stamps().id)
    with_rules(quiet.aroma, stamp, units=(stamps(),))
    buy(quiet.aroma, quiet.mia, 2_000)
    deliver_all(quiet.aroma)
    [message] = mail.outbox
    assert message.subject == "+3 stamps at Aroma"
    assert "3 stamps" in message.body


def test_a_member_reads_it_in_its_own_language(quiet):
    with tenancy.scope(quiet.aroma.id):
        profiles.change_profile(
            member=quiet.mia, merchant=quiet.aroma, changes={"locale": "fr"}, actor="test"
        )
    buy(quiet.aroma, quiet.mia, 1250)
    deliver_all(quiet.aroma)
    assert "12 × 1,5 (Gold)" in mail.outbox[0].body
    assert "Merci Mia" in mail.outbox[0].body


def test_no_e_mail_without_consent_nor_without_an_address(quiet):
    with tenancy.scope(quiet.aroma.id):
        profiles.set_consent(member=quiet.mia, purpose="points_email", given=False, source="card")
        profiles.set_consent(member=quiet.noah, purpose="points_email", given=True, source="card")
    for member in (quiet.mia, quiet.noah):
        buy(quiet.aroma, member, 1250)
    deliver_all(quiet.aroma)
    assert mail.outbox == []


def test_the_same_event_twice_is_one_message(quiet):
    buy(quiet.aroma, quiet.mia, 1250)
    with tenancy.scope(quiet.aroma.id):
        earned = Event.objects.get(name="points.earned")
    subscriber = SUBSCRIPTIONS["points.earned"]["points e-mail"]
    with tenancy.scope(quiet.aroma.id):
        subscriber(earned)
        subscriber(earned)
        assert Message.objects.filter(event_id=earned.id).count() == 1


def test_a_mail_server_that_is_away_loses_nothing(quiet, settings):
    buy(quiet.aroma, quiet.mia, 1250)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    for _round in range(2):
        with tenancy.scope(quiet.aroma.id):
            ids = list(Event.objects.values_list("id", flat=True))
        for event_id in ids:
            outbox.deliver(quiet.aroma.id, event_id, SUBSCRIPTIONS)
    with tenancy.scope(quiet.aroma.id):
        assert Event.objects.get().last_error.startswith("sender:")
        assert Message.objects.get(sent_at=None)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    deliver_all(quiet.aroma)
    assert len(mail.outbox) == 1


def test_a_points_e_mail_waits_as_long_as_the_scan_can_be_undone(quiet):
    buy(quiet.aroma, quiet.mia, 1250)
    with tenancy.scope(quiet.aroma.id):
        earned = Event.objects.get(name="points.earned")
    outbox.deliver(quiet.aroma.id, earned.id, SUBSCRIPTIONS)
    with tenancy.scope(quiet.aroma.id):
        written = Event.objects.get(name="message.written")
    assert written.due_at - earned.recorded_at >= GRACE


def test_nobody_is_told_of_points_that_were_taken_back_before_the_e_mail_went(quiet):
    for written in (False, True):
        answer = orjson.loads(buy(quiet.aroma, quiet.mia, 1250))
        with tenancy.scope(quiet.aroma.id):
            if written:  # the e-mail is written, and waits to be sent
                earned = Event.objects.get(name="points.earned")
                outbox.deliver(quiet.aroma.id, earned.id, SUBSCRIPTIONS)
            cancel_purchase(
                merchant=quiet.aroma, purchase_id=read_id("pur", answer["id"]), key=new_id(), actor_id=None
            )
        deliver_all(quiet.aroma)
    assert mail.outbox == []


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_a_letter_that_was_withdrawn_waits_no_more(quiet, locale):
    """Written, and before it went the member had enough of letters: the desk and the member's file say so, for ever."""
    buy(quiet.aroma, quiet.mia, 1250)
    with tenancy.scope(quiet.aroma.id):
        earned = Event.objects.get(name="points.earned")
    outbox.deliver(quiet.aroma.id, earned.id, SUBSCRIPTIONS)
    messages = {"show": "messages"}
    assert "Waits to be sent." in text_of(desk_of(quiet).get(story(quiet.mia), messages))
    with tenancy.scope(quiet.aroma.id):
        profiles.set_consent(member=quiet.mia, purpose="points_email", given=False, source="card")
        profiles.change_profile(
            member=quiet.mia, merchant=quiet.aroma, changes={"locale": locale}, actor="test"
        )
    deliver_all(quiet.aroma)
    assert mail.outbox == []
    said = text_of(desk_of(quiet).get(story(quiet.mia), messages))
    assert "Waits to be sent." not in said
    assert "Not sent: there was no reason to any more." in said
    files = data_files(phone_of(quiet.aroma, quiet.mia))
    assert {"en": "Not sent", "fr": "Non envoyé"}[locale] in files["html"]
    assert orjson.loads(files["json"])["messages"][-1]["dropped"]["at"]


def test_a_letter_that_was_withdrawn_is_not_sent_when_its_reason_comes_back(quiet):
    buy(quiet.aroma, quiet.mia, 1250)
    with tenancy.scope(quiet.aroma.id):
        earned = Event.objects.get(name="points.earned")
    outbox.deliver(quiet.aroma.id, earned.id, SUBSCRIPTIONS)
    with tenancy.scope(quiet.aroma.id):
        written = Event.objects.get(name="message.written")
        profiles.set_consent(member=quiet.mia, purpose="points_email", given=False, source="card")
        send_message(written)
        profiles.set_consent(member=quiet.mia, purpose="points_email", given=True, source="card")
        send_message(written)
    assert mail.outbox == []


def test_the_letter_says_what_the_points_repaid(quiet):
    first = read_id("pur", orjson.loads(buy(quiet.aroma, quiet.mia, 1250))["id"])
    with tenancy.scope(quiet.aroma.id):
        account_id = statements.balances(quiet.mia.id)[0].account_id
        postings.spend(
            account_id=account_id, amount=1218, key=new_id(), reasons={}, cause_id=None, actor_id=None
        )
        cancel_purchase(merchant=quiet.aroma, purchase_id=first, key=new_id(), actor_id=None)
    buy(quiet.aroma, quiet.mia, 700)
    deliver_all(quiet.aroma)
    [letter] = mail.outbox
    assert "+10 points" in letter.body
    assert "10 of them repaid what was owed. To repay: 8 points." in letter.body


def test_who_is_about_to_lose_a_tier_is_told_what_keeps_it(quiet):
    climb_by(quiet.aroma, 10_000, 30_000, window="calendar_year", downgrade="one_step", warn_days=30)
    with time_machine.travel(next_december(quiet.aroma)):
        buy(quiet.aroma, quiet.mia, 26_200)  # which finds that the tier is to be looked at
        review_shop(quiet.aroma.id)
        deliver_all(quiet.aroma)
    [message] = [message for message in mail.outbox if "stay" in message.subject]
    assert message.subject == "Spend €38 more by 31 December to stay Friend"
    for words in ("€262 so far", "/c/aroma/link/", "No more e-mails about points"):
        assert words in message.body


def test_who_has_nothing_to_lose_has_no_warning(quiet):
    """Made good between two looks at it: there is nothing to write, and nothing breaks."""
    with tenancy.scope(quiet.aroma.id):
        assert warning_of(quiet.mia.id) is None


def test_who_has_made_it_good_meanwhile_is_not_told(quiet):
    climb_by(quiet.aroma, 10_000, 30_000, window="calendar_year", downgrade="one_step", warn_days=30)
    with time_machine.travel(next_december(quiet.aroma)):
        review_shop(quiet.aroma.id)
        buy(quiet.aroma, quiet.mia, 30_000)
        deliver_all(quiet.aroma)
    assert [message.subject for message in mail.outbox if "stay" in message.subject] == []
