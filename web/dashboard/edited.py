"""What the programme's page is about: what is in force, the draft if there is one, and the version to come."""

from dataclasses import dataclass

from loyalty.drafting import Drafted, draft_of
from loyalty.rehearsing import newest_rehearsal
from loyalty.rules.comparing import Difference, differences
from loyalty.rules.types import Version
from loyalty.versions import Planned, now_and_next, version_in_force


@dataclass(frozen=True)
class Edited:
    """The programme on the desk."""

    in_force: Version
    draft: Drafted | None
    planned: Planned | None
    rehearsed: tuple[int, int] | None = None  # members who would have had more, and less, by this very draft

    @property
    def version(self) -> Version:
        """What the page shows, and what the next change is made to."""
        return self.draft.version if self.draft else self.in_force

    @property
    def revision(self) -> int:
        """Which state of the draft was read; 0 where there is none."""
        return self.draft.revision if self.draft else 0

    @property
    def changes(self) -> list[Difference]:
        """What publishing would change."""
        return differences(self.in_force, self.version) if self.draft else []

    @property
    def is_stale(self) -> bool:
        """Whether another version came into force after the draft was begun."""
        return self.draft is not None and self.draft.based_on != self.in_force.number


def on_the_desk() -> Edited:
    """Read it: four queries at most."""
    draft = draft_of()
    number, planned = now_and_next()
    return Edited(
        in_force=version_in_force(number),
        draft=draft,
        planned=planned,
        rehearsed=_rehearsed(draft.revision) if draft else None,
    )


def _rehearsed(revision: int) -> tuple[int, int] | None:
    """By the programme's first unit, the one on the card; None where this state of the draft was not rehearsed."""
    newest = newest_rehearsal()
    if newest is None or newest.revision != revision or not newest.result:
        return None
    first = newest.result["units"][0]
    return first["gaining"]["members"], first["losing"]["members"]
