"""Entries of the books in words: what units were set aside for is named, as it was called then."""

import pytest

from loyalty.wording import say_entry

CAKE = {"code": "reward", "names": {"en": "Cake", "fr": "Gâteau"}}


@pytest.mark.parametrize(
    ("kind", "reasons", "english", "french"),
    [
        ("hold", CAKE, "Set aside: Cake", "Mise de côté : Gâteau"),
        ("capture", CAKE, "Used, as set aside: Cake", "Utilisation de ce qui était de côté : Gâteau"),
        ("return", {"code": "reward", "names": {"fr": "Tarte"}}, "Given back: Tarte", "Restitution : Tarte"),
        ("hold", {"code": "reward", "name": "Tea"}, "Set aside: Tea", "Mise de côté : Tea"),  # of before
        ("release", {}, "Set aside no longer", "Remise à disposition"),  # by the books, as time ran out
    ],
)
def test_what_units_were_set_aside_for_is_named(kind, reasons, english, french):
    said = [say_entry(kind, reasons, "EUR", language) for language in ("en", "fr")]
    assert [text.replace("\u202f", " ") for text in said] == [english, french]
