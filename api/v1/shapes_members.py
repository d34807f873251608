"""Shapes of what is said and changed of a member, for the OpenAPI document: see `shapes`. They read and write nothing."""

from rest_framework import serializers
from rest_framework.serializers import CharField, ListField, Serializer

from members.tags import LONGEST_TAG, MOST_TAGS


class MemberProfile(Serializer):
    """What a member says of itself."""

    name = CharField(required=False, allow_blank=True, max_length=80)
    phone = CharField(
        required=False,
        allow_blank=True,
        max_length=40,
        help_text="As people write it; without a country code it is from where the merchant is.",
    )
    email = CharField(required=False, allow_blank=True, max_length=254)
    locale = serializers.ChoiceField(required=False, choices=["en", "fr"])
    birthday = serializers.DateField(required=False, allow_null=True)


class Consents(Serializer):
    """What the member agreed to be written about."""

    points_email = serializers.BooleanField(required=False)
    news_email = serializers.BooleanField(required=False)


class Enrolment(MemberProfile):
    """A new member: a phone number, an e-mail address, or both."""

    location = CharField(required=False, help_text="Where it joins: `loc_…`.")
    consents = Consents(required=False)
    referred_by = CharField(required=False, help_text="Who brought it: `mem_…`, or that member's own code.")
    link = CharField(
        required=False,
        help_text="The printed link by which it came, `lnk_…`: counted there. Without a `location`, it joins at the link's.",
    )


class MemberChange(MemberProfile):
    """What may be changed of a member. A field that is not given stays."""

    tags = ListField(
        child=CharField(max_length=LONGEST_TAG),
        required=False,
        max_length=MOST_TAGS,
        help_text="All of them, in place of those before.",
    )
