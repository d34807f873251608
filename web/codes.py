"""Codes as members and cashiers hear of them: what one gave, and whether the programme gives anything for any."""

import orjson
from django.utils.translation import gettext

from core.idempotency import Answered
from core.languages import reader_language
from loyalty.programme.versions import version_in_force
from loyalty.rules.types import Version
from loyalty.wording.sentences import listed
from web.given import given_words


def say_code_given(answered: Answered) -> str:
    """ "20 points for the code." In the merchant's scope."""
    answer, language = orjson.loads(answered.body), reader_language()
    given = given_words(answer, version_in_force(), language)
    if not given and answer["nearly"]:
        why = [line["reason"] for line in answer["nearly"]]
        return gettext("The code counts: %(why)s.") % {"why": listed(why, language)}
    if not given:
        return gettext("The code counts.")
    return gettext("%(units)s for the code.") % {"units": given}


def takes_codes(version: Version) -> bool:
    """Whether any rule gives something for a code."""
    return any(rule.active and rule.trigger == "code" for rule in version.rules)
