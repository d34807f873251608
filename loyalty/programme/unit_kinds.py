"""Units to begin with: a name in both languages, and a code that no other unit has or had."""

from itertools import chain, count

from loyalty.models import Unit as Kept
from loyalty.programme.beginning import POINTS
from loyalty.rules.types import Unit, UnitKind, Version

KINDS: dict[str, UnitKind] = {"points": "points", "stamps": "stamps", "credit": "credit"}
_NAMES = {
    "points": POINTS,
    "stamps": {"en": ("stamp", "stamps"), "fr": ("tampon", "tampons")},
    "credit": {"en": ("credit", "credit"), "fr": ("avoir", "avoirs")},
}


def new_unit(kind: str, unit_id: str, version: Version) -> Unit:
    """A unit of this kind beside those of the version. Its code is the kind's, with a number where that one is taken.

    One of this kind that was taken out before comes back instead, with its own id: what members still have of it counts
    again. In the merchant's scope; one query. Raises LookupError for a kind that there is not.
    """
    gone = list(Kept.objects.exclude(id__in=[unit.id for unit in version.units]).order_by("code"))
    for row in gone:
        if row.kind == kind:
            names = {language: (one, many) for language, (one, many) in row.names.items()}
            return Unit(str(row.id), row.code, names, KINDS[kind])
    taken = {unit.code for unit in version.units} | {row.code for row in gone}
    codes = chain([kind], (f"{kind}-{number}" for number in count(2)))
    return Unit(unit_id, next(code for code in codes if code not in taken), _NAMES[kind], KINDS[kind])
