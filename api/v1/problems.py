"""The codes that refusals carry, for integrators: what a problem's `type` points to."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from api.errors import STATUSES
from api.v1 import document
from api.views import PublicEndpoint, answer


class Problems(PublicEndpoint):
    """All codes. Public: it says nothing of anybody."""

    @document.problems_list
    def get(self, request: HttpRequest) -> HttpResponse:
        """Each code with its status."""
        self.query()
        return answer(
            {
                "items": [
                    {"code": code, "status": status, "title": HTTPStatus(status).phrase}
                    for code, status in STATUSES.items()
                ]
            }
        )
