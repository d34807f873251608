"""Tags: words by which a shop marks its members, such as "vip" or "press". Rules ask for them, lists are filtered by them.

Each is kept with when it was given and by whom. A tag may say anything about a person, so it goes with the member's name.
"""

from collections.abc import Collection, Iterable

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import events
from core.errors import DomainError
from core.tenancy import current_merchant_id
from core.text import read_text
from members.cards import MemberUnknown
from members.models import Member
from members.queries import members

LONGEST_TAG = 30  # as a badge on a member's page
MOST_TAGS = 20  # of one member: beyond it nobody knows what they mean
RESERVED = frozenset({"new", "regular", "away"})  # groups that every shop has: `loyalty.rules.segments`
IN_USE = """
SELECT t.tag, count(*) FROM members_member m, jsonb_object_keys(m.tags) t (tag)
WHERE m.merchant_id = %s AND m.merged_into_id IS NULL AND m.tags <> '{}' GROUP BY t.tag ORDER BY 2 DESC, 1 LIMIT %s
"""


class TagTaken(DomainError):
    """A word that means a group which follows from what members do."""

    code = "tag_reserved"
    message = _("“%(tag)s” is a group that every shop has. Choose another word.")
    field = "tags"


class TooManyTags(DomainError):
    """More than anybody can keep apart."""

    code = "too_many_tags"
    message = _("At most %(most)d tags for one member.")
    field = "tags"


def read_tags(words: Iterable[str]) -> list[str]:
    """The tags that these words mean, each once, in small letters. Raises TagTaken, TooManyTags, and what texts raise."""
    found = dict.fromkeys(
        " ".join(read_text(word, limit=LONGEST_TAG, field="tags").lower().split()) for word in words
    )
    tags = [tag for tag in found if tag]
    for tag in tags:
        if tag in RESERVED:
            raise TagTaken(tag=tag)
    if len(tags) > MOST_TAGS:
        raise TooManyTags(most=MOST_TAGS)
    return tags


def set_tags(*, member: Member, tags: Collection[str], actor: str) -> Member:
    """Let a member have these tags, as `read_tags` has them, and no others. What stays keeps its day. `actor`: who, an id.

    Repeating it changes nothing. Raises MemberUnknown.
    """
    with transaction.atomic():
        kept = members().select_for_update().filter(id=member.id).first()
        if kept is None:
            raise MemberUnknown
        new = {"at": timezone.now().isoformat(timespec="microseconds"), "by": actor}
        after = {tag: kept.tags.get(tag, new) for tag in tags}
        if after != kept.tags:
            members().filter(id=member.id).update(tags=after)
            events.record("member.changed", {"member": str(member.id), "fields": ["tags"], "actor": actor})
        member.tags = after
    return member


def tags_in_use(most: int) -> list[str]:
    """The tags that members have, those of the most members first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(IN_USE, [current_merchant_id(), most])
        return [tag for tag, _count in cursor.fetchall()]
