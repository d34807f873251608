"""The rows of the draft: its newest revision, and those before it. Verbs are in `drafting`."""

from django.db.models import F

from loyalty.models import Draft, Programme
from loyalty.rules.definition import write_definition
from loyalty.rules.types import Version
from merchants.models import StaffMember

KEPT = 100  # further back nobody undoes step by step


def newest_revision() -> Draft | None:
    """The draft, if there is one."""
    return Draft.objects.select_related("changed_by__user").order_by("-revision").first()


def keep_revision(version: Version, *, based_on: int, actor: StaffMember | None) -> Draft:
    """Make this version the draft. Under the programme's lock: each revision's number is used once, for ever."""
    Programme.objects.update(drafted=F("drafted") + 1)
    revision = Programme.objects.values_list("drafted", flat=True).get()
    Draft.objects.filter(revision__lte=revision - KEPT).delete()
    return Draft.objects.create(
        revision=revision, definition=write_definition(version), based_on=based_on, changed_by=actor
    )
