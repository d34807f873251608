"""What a part of bin/prove hands back: its figures, and what it found broken."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Score:
    """One part's outcome, as it is printed and written into docs/guarantees.md.

    `name` is the heading, a few words. `lines` are pairs of what was counted and its figure, both for people:
    ("mutants killed", "171 of 171"), ("operations", "1,000,000"). A part that ran out of time says so in a line, with
    how much it did. `failures` are sentences, one a thing that is broken; empty means that everything held.
    """

    name: str
    lines: list[tuple[str, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def add(self, what: str, figure: object) -> None:
        """One more line. Whole numbers get their thousands set apart."""
        self.lines.append((what, f"{figure:,}" if isinstance(figure, int) else str(figure)))

    def fail(self, sentence: str) -> None:
        """One more thing that is broken."""
        self.failures.append(sentence)

    def as_json(self) -> dict[str, Any]:
        """For the way from the part's process to ours."""
        return {"name": self.name, "lines": self.lines, "failures": self.failures}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "Score":
        """The way back."""
        lines = [(str(what), str(figure)) for what, figure in found["lines"]]
        return cls(str(found["name"]), lines, [str(failure) for failure in found["failures"]])
