"""Texts in a language that is asked for, whichever one the thread speaks. Kept, for changing back and forth is slow."""

from collections.abc import Callable, Iterable
from functools import lru_cache

from babel.lists import format_list
from django.utils.translation import gettext, ngettext, override

_COUNTED: dict[str, Callable[[int], str]] = {
    "minute": lambda count: ngettext("%(count)s minute", "%(count)s minutes", count),
    "hour": lambda count: ngettext("%(count)s hour", "%(count)s hours", count),
    "day": lambda count: ngettext("%(count)s day", "%(count)s days", count),
    "week": lambda count: ngettext("%(count)s week", "%(count)s weeks", count),
    "month": lambda count: ngettext("%(count)s month", "%(count)s months", count),
    "purchase": lambda count: ngettext("%(count)s purchase", "%(count)s purchases", count),
    "visit": lambda count: ngettext("%(count)s visit", "%(count)s visits", count),
    "item": lambda count: ngettext("%(count)s item", "%(count)s items", count),
    "more_day": lambda count: ngettext("%(count)s more day", "%(count)s more days", count),
    "more_week": lambda count: ngettext("%(count)s more week", "%(count)s more weeks", count),
    "more_month": lambda count: ngettext("%(count)s more month", "%(count)s more months", count),
    "more_purchase": lambda count: ngettext("%(count)s more purchase", "%(count)s more purchases", count),
    "more_visit": lambda count: ngettext("%(count)s more visit", "%(count)s more visits", count),
    "more_time": lambda count: ngettext("%(count)s more time", "%(count)s more times", count),
    "time": lambda count: ngettext("%(count)s time", "%(count)s times", count),
}


@lru_cache(maxsize=1024)
def sentence(text: str, language: str) -> str:
    """A text that `gettext_noop` marked, in that language."""
    with override(language):
        return gettext(text)


@lru_cache(maxsize=1024)
def counted(what: str, count: int, language: str) -> str:
    """ "3 visits", "1 week"; `what` is a name in the table above. The count stays a placeholder: `% {"count": …}`."""
    with override(language):
        return _COUNTED[what](count)


def listed(words: Iterable[str], language: str, *, either: bool = False) -> str:
    """ "a, b and c", as the British write it, or "a, b or c"."""
    locale = "en_GB" if language == "en" else language
    return str(format_list(list(words), style="or" if either else "standard", locale=locale))


def quoted(words: str, language: str) -> str:
    """In the quotation marks of the language, with their narrow spaces."""
    return f"«\u202f{words}\u202f»" if language == "fr" else f"“{words}”"
