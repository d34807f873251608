"""The designer as its templates show it: knobs with their notes, the stage, and the proof row by row."""

import base64
import io
import json
from typing import Any

from PIL import Image

from studio.drawing.keeping import as_json
from studio.drawing.preflight import LIVE, Trial
from studio.drawing.svg import svg
from web.dashboard.studio import designer_words as words
from web.dashboard.studio.designer_choices import pictured, preset_choices, swatches_of, worded
from web.dashboard.studio.designer_form import FREE, SPANS, DesignForm
from web.dashboard.studio.designer_stage import caption_of, staged, view_choices
from web.dashboard.studio.designer_turned import Turned
from web.dashboard.studio.designer_words import Note

COLOURS = ("ink", "second", "paper")
PICTURED = ("style", "modules", "eyes")
WORDED = ("logo_shape", "frame_kind", "error", "dpi")
KINDS = ("png", "svg", "pdf")
MOST_ROWS = 6  # of failures, where all that is promised was tried
KNOBS = (*COLOURS, *PICTURED, *WORDED, *SPANS, "frame_words", "frame_below", "pixels")  # each has its note


def knobs_of(turned: Turned) -> dict[str, Any]:
    """Every control, by its name, with what stands under it."""
    form = turned.form
    return {
        "form": form,
        "presets": preset_choices(turned.merchant),
        "colours": {knob: _colour(turned, knob) for knob in COLOURS},
        "pictured": {knob: _pictured(form, knob) for knob in PICTURED},
        "sliders": {knob: _slider(form, knob) for knob in SPANS},
        "chosen": {knob: _worded(form, knob) for knob in WORDED},
        "percent": words.percent_unit(),
        "mm": words.MM,
    }


def turned_parts(turned: Turned, *, fixes: bool) -> dict[str, Any]:
    """The stage, the proof, and what is said at the knobs. `fixes`: now, or as soon as a script asks for them."""
    drawing, result = turned.drawing, turned.result
    shown = staged(drawing, turned.view, turned.merchant.name) if drawing else None
    passed = sum(trial.passed for trial in result.trials)
    return {
        "notes": notes_of(turned),
        "view": turned.view,
        "views": view_choices(turned.view),
        "picture": _address("image/svg+xml", svg(shown, on_paper=shown is drawing).encode()) if shown else "",
        "code": _address("image/svg+xml", svg(drawing).encode()) if drawing else "",
        "caption": caption_of(drawing, turned.view, turned.width_mm) if drawing else "",
        "rows": _rows(result.trials, is_full=turned.is_full),
        "is_full": turned.is_full,
        "tally": words.tally_words(passed, len(result.trials)),
        "passes": result.passed,
        "refused": [words.note_of(problem) for problem in result.problems if problem.severity == "refused"],
        "verdict": words.verdict_words(len(result.trials) - passed),
        "kinds": KINDS,
        "fails": len(result.trials) - passed,
        **(fixes_of(turned) if fixes and not result.passed else {}),
    }


def fixes_of(turned: Turned) -> dict[str, Any]:
    """Why it fails, and buttons that were tried."""
    if turned.design is None:
        return {}
    found = turned.fixes
    return {
        "why": words.why_words(found, turned.design),
        "fixes": [{"label": words.fix_words(fix), "value": json.dumps(as_json(fix.design))} for fix in found],
    }


def notes_of(turned: Turned) -> dict[str, Note | None]:
    """By knob: what could not be read, else the worst problem, else what was measured."""
    form, design = turned.form, turned.design
    notes: dict[str, Note | None] = dict.fromkeys(KNOBS)
    if design is not None:
        notes["ink"] = words.contrast_note(design.ink, design.paper)
        notes["second"] = words.contrast_note(design.second, design.paper) if design.second else None
        notes["error"] = words.repair_note(design.error)
    notes["width_mm"] = words.distance_note(turned.width_mm)
    for problem in reversed(turned.result.problems):
        if (knob := problem.at.replace(".", "_")) in notes:
            notes[knob] = words.note_of(problem)
    for name, errors in form.errors.items():
        notes[name.removesuffix("_free")] = Note(str(errors[0]), "bad")
    return notes


def _rows(trials: tuple[Trial, ...], *, is_full: bool) -> list[dict[str, Any]]:
    """One a condition, of all that is promised only what fails; the first that fails opens."""
    failed = [trial for trial in trials if not trial.passed]
    first = next(iter(failed), None)
    return [
        {
            "name": words.scene_words(trial.scene)[0],
            "detail": words.detail_words(trial.scene, with_size=is_full or trial.scene not in LIVE),
            "passed": trial.passed,
            "picture": _address("image/webp", _light(trial.picture)),
            "opens": trial is first,
        }
        for trial in (failed[:MOST_ROWS] if is_full else trials)
    ]


def _light(picture: bytes) -> bytes:
    """The same at a quarter of the bytes: six of them come with every turn."""
    file = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as whole:
        whole.save(file, "WEBP", quality=80, method=1)
    return file.getvalue()


def _colour(turned: Turned, knob: str) -> dict[str, Any]:
    form = turned.form
    chosen = form[knob].value()
    swatches = [
        {"value": colour, "label": label, "checked": colour == chosen}
        for colour, label in swatches_of(turned.merchant)[knob].items()
    ]
    return {
        "name": knob,
        "label": form[knob].label,
        "swatches": swatches,
        "is_free": chosen == FREE,
        "free_label": form[f"{knob}_free"].label,
        "free": form[f"{knob}_free"].value(),
    }


def _pictured(form: DesignForm, knob: Any) -> dict[str, Any]:
    chosen = form[knob].value()
    choices = [choice | {"checked": choice["value"] == chosen} for choice in pictured(knob)]
    return {"name": knob, "label": form[knob].label, "choices": choices}


def _worded(form: DesignForm, knob: str) -> dict[str, Any]:
    chosen = form[knob].value()
    choices = [{"value": value, "label": label, "checked": value == chosen} for value, label in worded(knob)]
    return {"name": knob, "label": form[knob].label, "choices": choices}


def _slider(form: DesignForm, knob: str) -> dict[str, Any]:
    least, most, step = SPANS[knob]
    field = form[knob]
    said = words.say_value(str(field.value()))
    return {"name": knob, "label": field.label, "value": field.value(), "said": said, "id": field.id_for_label} | {
        "least": str(least), "most": str(most), "step": str(step),
    }  # fmt: skip


def _address(kind: str, content: bytes) -> str:
    """A picture as its own address: what is only being tried has none at the server."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
