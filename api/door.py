"""The API's own door: from a request to a view and back, with every refusal as problem+json.

The hot endpoints are plain views behind it; the rest are DRF's. It never reads a cookie.
"""

from django.http import HttpRequest, HttpResponse


def answer(request: HttpRequest) -> HttpResponse:
    """The response to one API request."""
    raise NotImplementedError
