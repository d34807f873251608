"""What the programme's page is about: what is in force, the draft if there is one, and the version to come."""

from dataclasses import dataclass, replace

from django.utils import timezone

from loyalty.programme.drafting import Drafted, draft_of
from loyalty.programme.versions import Planned, now_and_next, version_in_force
from loyalty.rehearsal.rehearsing import newest_rehearsal
from loyalty.rules.comparing import Difference, differences
from loyalty.rules.types import Version


@dataclass(frozen=True)
class Edited:
    """The programme that is worked on."""

    in_force: Version
    draft: Drafted | None
    planned: Planned | None
    stuck: Planned | None = None  # one whose moment is over, and which could not be put in force
    rehearsed: tuple[int, int] | None = None  # members who would have had more, and less, by this very draft

    @property
    def version(self) -> Version:
        """What the page shows, and what the next change is made to."""
        return self.draft.version if self.draft else self.in_force

    def with_version(self, version: Version) -> "Edited":
        """The same, were this the draft: for what is typed and not saved."""
        draft = self.draft or Drafted(version, 0, self.in_force.number, timezone.now(), "")
        return replace(self, draft=replace(draft, version=version))

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


def edited_programme() -> Edited:
    """Read it: three queries at most, once this process knows the version."""
    draft = draft_of()
    number, planned, stuck = now_and_next()
    return Edited(
        in_force=version_in_force(number),
        draft=draft,
        planned=planned,
        stuck=stuck,
        rehearsed=_rehearsed(draft.revision) if draft else None,
    )


def _rehearsed(revision: int) -> tuple[int, int] | None:
    """By the programme's first unit, the one on the card; None where this state of the draft was not rehearsed."""
    newest = newest_rehearsal()
    if newest is None or newest.revision != revision or not newest.result:
        return None
    first = newest.result["units"][0]
    return first["gaining"]["members"], first["losing"]["members"]
