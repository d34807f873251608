"""Where a member stands on the ladder, as the API says it."""

from rest_framework.serializers import CharField, Serializer


class Progress(Serializer):
    """What counts toward a tier now, and where the next one begins: money, visits, or units of one kind."""

    current = CharField()
    next = CharField(allow_null=True)
    of = CharField(help_text="`spend`, `visits`, or the code of a unit")


class Keep(Serializer):
    """What it takes to keep a tier that is about to be lost."""

    more = CharField(help_text="Of what counts, as in `progress`")
    by = CharField(help_text="The last day on which it counts")


class Standing(Serializer):
    """The tier a member holds; null below the first."""

    name = CharField(allow_null=True)
    progress = Progress()
    next_tier = CharField(allow_null=True)
    keep = Keep(required=False)
