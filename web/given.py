"""What came of something told, in words: what units an answer gave, and what badges."""

from typing import Any

from loyalty.rules.types import Version
from loyalty.rules.verdicts import by_unit
from loyalty.wording import say_units
from loyalty.wording.sentences import listed


def given_words(answer: dict[str, Any], version: Version, language: str) -> str:
    """ "20 points, 1 stamp and Early bird", of every unit and badge in an answer that is kept; empty where it gave nothing."""
    units = {unit.code: unit for unit in version.units}
    sums = by_unit((award["unit"], award["amount"]) for award in answer["awards"])
    given = [
        say_units(units[code], amount, language, version.currency)
        for code, amount in sums.items()
        if amount and code in units
    ]
    return listed([*given, *(badge["reason"] for badge in answer["badges"])], language)
