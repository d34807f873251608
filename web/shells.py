"""Pages that a phone keeps for when there is no network: drawn with nobody on them, the same for everyone.

A shell is known by what it shows of a merchant and by the scripts that it runs; a new version has a new address.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import override

from core.languages import reader_language
from merchants.models import Merchant

STATIC = Path(settings.BASE_DIR) / "static"
Look = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Drawn:
    """The page as it is kept, and a name that changes when it does."""

    html: str
    version: str


@dataclass(frozen=True)
class Shell:
    """One kind of page. `look` names all of a merchant that it shows; `context` makes the rest out of that merchant."""

    route: str
    template: str
    look: tuple[str, ...]
    modules: tuple[Path, ...]
    context: Callable[[Merchant], dict[str, Any]]

    def answer(self, request: HttpRequest, merchant: Merchant) -> HttpResponse:
        """The page, in the language that its address asks for."""
        chosen = request.GET.get("language", "")
        language = chosen if chosen in dict(settings.LANGUAGES) else reader_language()
        response = HttpResponse(self.drawn(merchant, language).html)
        response.headers["Content-Language"] = language
        patch_cache_control(response, no_cache=True)
        return response

    def path(self, merchant: Merchant) -> str:
        """Where the phone's worker finds the page to keep, in the reader's language. A new version is a new address."""
        language = reader_language()
        version = self.drawn(merchant, language).version
        return f"{reverse(self.route, args=[merchant.slug])}?language={language}&v={version}"

    def drawn(self, merchant: Merchant, language: str) -> Drawn:
        """Drawn once for each look and language."""
        return _draw(self, tuple((field, getattr(merchant, field)) for field in self.look), language)


@lru_cache(maxsize=512)
def _draw(shell: Shell, look: Look, language: str) -> Drawn:
    merchant = Merchant(**dict(look))
    with override(language):
        html = render_to_string(
            shell.template, {"merchant": merchant, "is_shell": True, **shell.context(merchant)}
        )
    return Drawn(html, hashlib.blake2b(html.encode() + _scripts(shell.modules), digest_size=8).hexdigest())


@lru_cache(maxsize=8)
def _scripts(modules: tuple[Path, ...]) -> bytes:
    """What the page's modules import, they import by plain names: only their content tells that they changed."""
    return b"".join(path.read_bytes() for path in modules)
