"""The published programme, and the locations where it is in force."""

from typing import ClassVar

from django.http import HttpRequest, HttpResponse

from api.v1 import document
from api.v1.said import say_location, say_programme
from api.views import Endpoint, answer
from loyalty.programme.versions import version_in_force
from merchants.access import Scope
from merchants.queries import locations


class Programme(Endpoint):
    """The version in force."""

    scopes: ClassVar[dict[str, Scope]] = {"GET": Scope.READ_PROGRAMME}

    @document.programme_read
    def get(self, request: HttpRequest) -> HttpResponse:
        """Units, rules and tiers, in words and in figures."""
        self.query()
        return answer(say_programme(version_in_force()))


class Locations(Endpoint):
    """The open locations."""

    scopes: ClassVar[dict[str, Scope]] = {"GET": Scope.READ_PROGRAMME}

    @document.locations_list
    def get(self, request: HttpRequest) -> HttpResponse:
        """Oldest first, all on one page: nobody has more shops than a page holds lines."""
        self.query()
        return answer({"items": [say_location(location) for location in locations()], "next": None})
