"""A sentence in parts. Its words come whole from the catalogue; the figures in them may be blanks."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.text import capfirst

from loyalty.wording.reader import Reader
from loyalty.wording.sentences import sentence

# Around a figure while its phrase is being said: for private use, so that no text has them.
_OPEN, _CLOSE = "\ue000", "\ue001"
_FIGURE = re.compile(f"({_OPEN}[^{_CLOSE}]*{_CLOSE})")
_PLACEHOLDER = re.compile(r"(%\(\w+\)s)")


@dataclass(frozen=True, slots=True)
class Part:
    """Words of a sentence; with a `field` a blank that is filled in. `label` is what it asks, `chooses`: among a few."""

    text: str
    field: str = ""
    label: str = ""
    chooses: bool = False


class MarkingReader(Reader):
    """Says phrases whose figures can be found again."""

    def say(self, text: str, **figures: str) -> str:
        """The text with its figures marked; those within a figure are of no interest."""
        marked = {name: f"{_OPEN}{unmarked(value)}{_CLOSE}" for name, value in figures.items()}
        return sentence(text, self.language) % marked


def unmarked(phrase: str) -> str:
    """The phrase as anybody would read it."""
    return phrase.replace(_OPEN, "").replace(_CLOSE, "")


def blank_in(phrase: str, blank: Part) -> list[Part]:
    """A marked phrase as parts: its figure is the blank. Where it has none, or several, the whole phrase is."""
    pieces = _FIGURE.split(phrase)
    if len(pieces) != 3:
        return [replace(blank, text=unmarked(phrase))]
    before, figure, after = pieces
    found = [Part(before), replace(blank, text=unmarked(figure)), Part(after)]
    return [part for part in found if part.text]


def filled(text: str, figures: Mapping[str, Iterable[Part]]) -> list[Part]:
    """A text as parts, with the parts that stand for its placeholders."""
    parts: list[Part] = []
    for piece in _PLACEHOLDER.split(text):
        if _PLACEHOLDER.fullmatch(piece):
            parts += figures[piece[2:-2]]
        elif piece:
            parts.append(Part(piece))
    return parts


def joined(phrases: Iterable[list[Part]], between: str) -> list[Part]:
    """Phrases one after the other."""
    parts: list[Part] = []
    for phrase in phrases:
        parts += [Part(between), *phrase] if parts and phrase else phrase
    return parts


def as_sentence(parts: list[Part]) -> list[Part]:
    """With a capital, a full stop, and words that stand beside each other in one part."""
    found: list[Part] = []
    for part in [*parts, Part(".")]:
        if found and not part.field and not found[-1].field:
            found[-1] = Part(found[-1].text + part.text)
        else:
            found.append(part)
    return [replace(found[0], text=capfirst(found[0].text)), *found[1:]]
