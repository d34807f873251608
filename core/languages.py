"""In which language somebody is reading. It chooses none: Django's middleware, or whoever writes a letter, has done that."""

from django.utils.translation import get_language


def reader_language() -> str:
    """The two letters of the language in which this page, answer or letter is being written."""
    return (get_language() or "en")[:2]
