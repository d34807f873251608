"""What the desk's tests share: its pages, its people, and how many trips to the database a page makes."""

import re

from django.db import connection
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import tenancy
from loyalty.programme import versions
from loyalty.programme.drafting import edited_version
from loyalty.rules.types import Rule, Version
from merchants import team
from merchants.models import Merchant, StaffMember, User
from tests.world import World, signed_in, user

HOME = "/dashboard/aroma/"
# A test runs inside a transaction, so what in life begins and ends one shows up as statements here.
OF_THE_TEST = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO", "SELECT set_config('app.merchant_id', ''")


def text_of(response: HttpResponseBase) -> str:
    """The page as text."""
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def trips(client: Client, path: str) -> int:
    """How many statements a page needs, once this process has read the programme."""
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        client.get(path)
    return sum(not query["sql"].startswith(OF_THE_TEST) for query in seen.captured_queries)


def as_in_life() -> None:
    """Let this process remember what the test published: its transaction never commits, as in life it has."""
    connection.run_on_commit = [
        hook for hook in connection.run_on_commit if not isinstance(hook[1], versions.Settling)
    ]


def manager_of(merchant: Merchant) -> User:
    """Max, who runs the day."""
    someone = user("max@aroma.test", "Max Manager")
    with tenancy.scope(merchant.id):
        team.add_staff(user=someone, role=StaffMember.Role.MANAGER, merchant=merchant)
    return someone


def drafted(merchant: Merchant) -> Version:
    """The programme as the draft says it; where there is none, as it is in force."""
    with tenancy.scope(merchant.id):
        return edited_version()


def rule_of(merchant: Merchant, trigger: str = "joining") -> Rule:
    """The draft's first rule that this sets off; at Aroma, joining gives 50 points."""
    return next(rule for rule in drafted(merchant).rules if rule.trigger == trigger)


def fill(client: Client, rule: Rule, field: str = "amount", **said: str) -> HttpResponse:
    """Fill in a blank of Aroma's; without more, its only field."""
    path = f"{HOME}programme/rules/{rule.id}/blanks/{field}/"
    return client.post(path, said, follow=True)  # type: ignore[return-value]


def publish(client: Client, merchant: str = "aroma", **more: str) -> HttpResponse:
    """Publish the draft, as the page asks to, and look at what comes back."""
    path = f"/dashboard/{merchant}/programme/publish/"
    read = re.search(r'name="revision" value="(\d+)"', text_of(client.get(path)))
    assert read, "there is no draft"
    return client.post(path, {"revision": read[1], **more}, follow=True)  # type: ignore[return-value]


def desk_of(world: World) -> Client:
    """Olivia at her desk."""
    return signed_in(world.olivia)
