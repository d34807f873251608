"""The link of the chain where the API and pages part. It reads nothing of a request but its address."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from api.door import answer
from config.maintenance import maintenance
from config.middleware import Handler, is_for_api


def api_shortcut(get_response: Handler) -> Handler:
    """The API needs no cookie, session, language or page policy: its requests go straight to its own door."""
    answer_while_open = maintenance(answer)

    def handle(request: HttpRequest) -> HttpResponseBase:
        if is_for_api(request.path_info):
            return answer_while_open(request)
        return get_response(request)

    return handle
