"""Lists as CSV that every spreadsheet opens rightly, streamed."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse

# A spreadsheet runs what it takes for a formula: where a cell begins so, by whichever character the spreadsheet parts
# the line. French Excel parts it at semicolons, and then the quotes around a cell hold nothing together.
FORMULA_START = re.compile(r'(^|[;,])(?=[\s"]*[=+\-@＝＋－＠])')


def csv_file(
    name: str, heads: Sequence[str], batches: Iterable[Sequence[Sequence[str]]]
) -> StreamingHttpResponse:
    """A file of that name: its heads, then row after row, a batch at a time."""
    response = StreamingHttpResponse(_lines(heads, batches), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def safe_cell(text: str) -> str:
    """The text on one line, never a formula: an apostrophe in front says so to every spreadsheet."""
    return FORMULA_START.sub(r"\1'", re.sub(r"[\t\r\n]", " ", text))


def _lines(heads: Sequence[str], batches: Iterable[Sequence[Sequence[str]]]) -> Iterator[str]:
    yield "\ufeff" + _csv([heads])  # the mark tells a spreadsheet that this is UTF-8
    for rows in batches:
        yield _csv([[safe_cell(cell) for cell in row] for row in rows])


def _csv(rows: Sequence[Sequence[str]]) -> str:
    page = io.StringIO()
    csv.writer(page).writerows(rows)
    return page.getvalue()
