"""Shapes of what is changed of a member, for the OpenAPI document: see `shapes`. They read and write nothing."""

from rest_framework.serializers import CharField, ListField

from api.v1.shapes import MemberProfile
from members.tags import LONGEST_TAG, MOST_TAGS


class MemberChange(MemberProfile):
    """What may be changed of a member. A field that is not given stays."""

    tags = ListField(
        child=CharField(max_length=LONGEST_TAG),
        required=False,
        max_length=MOST_TAGS,
        help_text="All of them, in place of those before.",
    )
