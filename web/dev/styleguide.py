"""Every component in every state, from the samples in `templates/dev/styleguide.json`."""

import json
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from core import qr


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """`?theme=dark` and `?theme=light` choose a theme."""
    samples = json.loads(Path(settings.BASE_DIR, "templates/dev/styleguide.json").read_text())
    drawn = mark_safe(qr.svg(settings.BASE_URL))  # noqa: S308  drawn by us
    return render(request, "dev/styleguide.html", samples | {"sample_qr": drawn})
