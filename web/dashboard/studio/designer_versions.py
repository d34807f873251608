"""Saved designs as pages show them: small drawings, how far each proof is, and what was not read."""

import base64
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merchants.models import Merchant
from studio.designing import SavedDesign
from studio.drawing.conditions import NAMES, Scene
from studio.drawing.drawings import draw
from studio.drawing.png import png
from studio.drawing.preflight import FULL, LIVE
from studio.looks import Look, longest_link, look_with
from studio.models import DesignVersion
from web.dashboard.studio.designer_words import scene_words
from web.templatetags.habitue import brief

PIXELS = 128  # of a small drawing, shown at half
MOST_SHOWN = 12  # versions: who looks for an older one restores step by step
MOST_FAILURES = 3  # named: the rest is a number


def rows_of(merchant: Merchant, designs: Sequence[SavedDesign]) -> list[dict[str, Any]]:
    """The list, a line for each design."""
    return [
        {
            "id": saved.design.id,
            "name": saved.design.name,
            "picture": picture_of(merchant, saved.newest),
            "detail": _("Version %(number)s, %(day)s") % {"number": saved.newest.number, "day": brief(saved.newest.made_at)},
            "is_default": saved.default is not None,
            "default_note": _older_default(saved),
            "state": state_words(saved.newest),
            "fails": saved.newest.status == "done" and not saved.newest.passed,
        }
        for saved in designs
    ]  # fmt: skip


def saved_of(merchant: Merchant, versions: Sequence[DesignVersion]) -> dict[str, Any]:
    """One design, with its versions, newest first."""
    newest = versions[0]
    return {
        "id": newest.design_id,
        "name": newest.design.name,
        "version": newest.number,
        "proof": proof_of(newest),
        "versions": [
            {
                "id": version.id,
                "number": version.number,
                "day": brief(version.made_at),
                "picture": picture_of(merchant, version),
                "state": state_words(version),
                "is_default": version.is_default,
                "is_newest": version == newest,
            }
            for version in versions[:MOST_SHOWN]
        ],
    }


def proof_of(version: DesignVersion) -> dict[str, Any]:
    """How far it is, and what may be done with it."""
    return {
        "id": version.id,
        "design_id": version.design_id,
        "is_over": version.status in ("done", "failed"),
        "is_broken": version.status == "failed",
        "percent": version.percent,
        "passed": version.passed,
        "is_default": version.is_default,
        "words": state_words(version),
        "failures": _failures(version),
    }


def state_words(version: DesignVersion) -> str:
    """What came of its proof."""
    if version.status == "failed":
        return _("Reading it back broke off.")
    if version.status != "done":
        return _("Being read back")
    if version.passed:
        return _("Read in all %(total)s trials") % {"total": version.total}
    failed = len(version.failures)
    words = ngettext(
        "Not read in %(failed)s of %(total)s trials", "Not read in %(failed)s of %(total)s trials", failed
    )
    return words % {"failed": failed, "total": version.total}


def picture_of(merchant: Merchant, version: DesignVersion) -> str:
    """A small drawing of it, as an address."""
    return _picture(look_with(merchant, version.look), longest_link(merchant))


def failed_scenes(version: DesignVersion) -> list[Scene]:
    """What it was not read in, beyond the live part; but what is tried no more."""
    scenes = (Scene(name, size) for name, size in version.failures)
    return [scene for scene in scenes if scene in FULL and scene not in LIVE]


def _failures(version: DesignVersion) -> list[str]:
    """The first few, each once; a condition that is tried no more has no words."""
    scenes = [Scene(name, size) for name, size in version.failures if name in NAMES]
    return list(dict.fromkeys(scene_words(scene)[0] for scene in scenes))[:MOST_FAILURES]


def _older_default(saved: SavedDesign) -> str:
    if saved.default is None or saved.default == saved.newest.number:
        return ""
    return _("in version %(number)s") % {"number": saved.default}


@lru_cache(maxsize=256)
def _picture(look: Look, text: str) -> str:
    content = png(draw(look.design, text, look.mark), width=PIXELS)
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"
