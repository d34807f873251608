"""A sheet as what is sent: to be looked at, or as a file of some kind."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse

from studio.drawing import pdf, png, svg
from studio.drawing.shapes import Drawing
from studio.posters.formats import Format
from web.dashboard.printed import download

SHOWN_ACROSS = 3000  # steps: a screen has a third of those for a sheet


@dataclass(frozen=True)
class Asked:
    """What a file is to be: its name without its ending, and of what. `across`: exactly so many pixels, whatever the `dpi`; 0: as
    many as those give."""

    name: str
    format: Format
    language: str
    dpi: int
    across: int

    @property
    def is_paper(self) -> bool:
        """A story is measured in pixels."""
        return self.format.kind != "story"


def kinds_of(format_: Format) -> list[str]:
    """As which files a format is taken along: what is looked at on a phone is no PDF."""
    return [kind for kind in KINDS if kind != "pdf" or format_.kind != "story"]


def shown(drawn: Drawing) -> HttpResponse:
    """To look at: true vector, as it is cut, and no finer than a screen shows."""
    steps = max(round(SHOWN_ACROSS / drawn.width), 1)
    return HttpResponse(svg.svg(drawn, steps=steps), content_type="image/svg+xml")


def as_file(drawn: Drawing, kind: str, asked: Asked) -> HttpResponse:
    """To download, of a kind in `KINDS`. Raises PictureTooLarge."""
    content_type, write = KINDS[kind]
    return download(write(drawn, asked), content_type, f"{asked.name}.{kind}")


def _pdf(drawn: Drawing, asked: Asked) -> bytes:
    """With its bleed, and where it is cut."""
    return pdf.pdf(
        drawn,
        width_mm=drawn.width,
        title=asked.name,
        language=asked.language,
        bleed_mm=asked.format.bleed,
    )


def _svg(drawn: Drawing, asked: Asked) -> bytes:
    return svg.svg(drawn, width_mm=drawn.width if asked.is_paper else 0.0).encode()


def _png(drawn: Drawing, asked: Asked) -> bytes:
    if asked.across:
        return png.png(drawn, width=asked.across)
    if asked.is_paper:
        return png.png(drawn, width=png.width_in_pixels(drawn.width, asked.dpi), dpi=asked.dpi)
    return png.png(drawn, width=round(drawn.width))


KINDS: dict[str, tuple[str, Callable[[Drawing, Asked], bytes]]] = {
    "pdf": ("application/pdf", _pdf),
    "svg": ("image/svg+xml", _svg),
    "png": ("image/png", _png),
}
