"""Rules as sentences with blanks, for the programme's page: told, filled in, said with more or with less, begun anew.

    sentence_of(rule, version, places)        parts: plain words, and blanks with what stands in them
    blank_form(field, rule, version, places)  the form of one blank; filled in, its `rule` is the rule as it is then
    offers(…), with_extra(…), without_extra(…), triggers(), gives_for(…), new_rule(…)

It knows no draft and no request; whatever comes out of a form is a rule that could be published.
"""

from web.dashboard.sentences.filling import BlankForm, blank_form
from web.dashboard.sentences.offering import (
    Extra,
    extras_of,
    gives_for,
    new_rule,
    offers,
    triggers,
    with_extra,
    without_extra,
)
from web.dashboard.sentences.parts import Part
from web.dashboard.sentences.telling import sentence_of

__all__ = [
    "BlankForm",
    "Extra",
    "Part",
    "blank_form",
    "extras_of",
    "gives_for",
    "new_rule",
    "offers",
    "sentence_of",
    "triggers",
    "with_extra",
    "without_extra",
]
