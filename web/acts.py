"""What staff may tell of a member, and what happened to one, in words: for the till, the desk and the member."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty.happenings.by_hand import Act
from loyalty.rules.types import Version
from loyalty.wording import say_rule
from loyalty.wording.reader import Places
from web.given import given_words

ANY = {
    "gift": gettext_lazy("A gift"),
    "attendance": gettext_lazy("Came to an event"),
    "review": gettext_lazy("Wrote a review"),
    "survey": gettext_lazy("Answered a survey"),
    "share": gettext_lazy("Shared on social media"),
}
NAMED = {
    "gift": gettext_lazy("A gift: %(name)s"),
    "attendance": gettext_lazy("Came to “%(name)s”"),
    "review": gettext_lazy("Wrote a review: %(name)s"),
    "survey": gettext_lazy("Answered a survey: %(name)s"),
    "share": gettext_lazy("Shared on social media: %(name)s"),
    "custom": gettext_lazy("“%(name)s”"),
}
HAPPENED = {
    **ANY,
    "visit": gettext_lazy("A visit"),
    "joining": gettext_lazy("Joining"),
    "birthday": gettext_lazy("A birthday"),
    "anniversary": gettext_lazy("A year as a member"),
    "profile": gettext_lazy("A complete profile"),
    "referrer": gettext_lazy("Bringing a friend"),
    "friend": gettext_lazy("Coming through a friend"),
    "newsletter": gettext_lazy("The newsletter"),
    "code": gettext_lazy("A code"),
    "custom": gettext_lazy("An event"),  # all have a name
}


def say_happening(trigger: str, name: str) -> str:
    """ "A visit", "A visit: wine tasting", "Came to “latte art”", "“blood donor”": as members call it."""
    if name and trigger in NAMED:
        return str(NAMED[trigger]) % {"name": name}
    what = str(HAPPENED[trigger])
    return _("%(what)s: %(said)s") % {"what": what, "said": name} if name else what


def say_act(act: Act) -> str:
    """ "A gift", "Came to “latte art”"."""
    return str(NAMED[act.trigger]) % {"name": act.name} if act.name else str(ANY[act.trigger])


def act_words(act: Act, version: Version, language: str, places: Places) -> dict[str, Any]:
    """What it is called, what its rules give, and what forms send for it."""
    gives = [say_rule(rule, version, language, places) for rule in act.rules]
    return {"code": act.code, "label": say_act(act), "gives": gives}


def say_act_given(answer: dict[str, Any], version: Version, language: str) -> str:
    """ "20 points for Mia.", from the answer that is kept; where it gave nothing, what was nearly given."""
    given = given_words(answer, version, language)
    if given:
        return _("%(what)s for %(name)s.") % {"what": given, "name": answer["member"]["name"] or _("Member")}
    nearly = [line["reason"] for line in answer["nearly"]]
    return " ".join([_("It is kept, and gives nothing now."), *(f"{reason}." for reason in nearly)])
