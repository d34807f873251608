"""Members, what identifies them and what they agreed to. Personal data lives here, and not in the books."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.tenancy import TenantKey, TenantModel


class Member(TenantModel):
    """Somebody enrolled with one merchant, known by a phone number, an e-mail address, or both."""

    name = models.CharField(_("name"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True)  # E.164
    email = models.CharField(_("e-mail"), max_length=254, blank=True)  # lower case
    # When somebody first showed that they read this address. Until then it may be a stranger's.
    email_verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    locale = models.CharField(_("language"), max_length=5, default="en")
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    # Name, phone and e-mail folded together: one column to search in.
    search = models.CharField(max_length=400, blank=True, editable=False)
    location = TenantKey("merchants.Location", null=True, blank=True, related_name="+")
    joined_at = models.DateTimeField(default=timezone.now)
    # By which the shop marks this member: {"vip": {"at": when, "by": whose id}}, in small letters.
    tags = models.JSONField(default=dict, db_default={}, blank=True, editable=False)
    # Since when nothing is known of this member. The row stays, for the books refer to it; it says nobody.
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The member who stays, where this one turned out to be the same person: everything that finds this one finds that
    # one instead. Never a chain: `sql/merging.sql` sees to it.
    merged_into = TenantKey("self", null=True, blank=True, related_name="+", editable=False)
    merged_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Which fields the member who stays had empty and took from this one: an un-merge gives them back.
    gave = ArrayField(models.CharField(max_length=10), default=list, blank=True, editable=False)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "phone"], condition=~Q(phone=""), name="members_phone_once"
            ),
            models.UniqueConstraint(
                fields=["merchant", "email"], condition=~Q(email=""), name="members_email_once"
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) & (~Q(phone="", email="") | Q(merged_into__isnull=False))
                | Q(
                    erased_at__isnull=False,
                    name="",
                    phone="",
                    email="",
                    search="",
                    birthday=None,
                    email_verified_at=None,
                ),
                name="members_reachable_or_erased",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None, merged_at=None, gave=[])
                | Q(merged_into__isnull=False, merged_at__isnull=False) & ~Q(merged_into=F("id")),
                name="members_merged_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant", "-joined_at"], name="members_newest"),
            models.Index(
                fields=["merchant", "search", "id"],
                condition=Q(erased_at=None, merged_into=None),
                name="members_by_name",
            ),
            models.Index(
                fields=["merchant", "id"],
                condition=Q(erased_at__isnull=False) | Q(merged_into__isnull=False),
                name="members_gone",
            ),
            models.Index(
                fields=["merchant", "merged_into"],
                condition=Q(merged_into__isnull=False),
                name="members_merged",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.phone or self.email or gettext("Erased member")

    @property
    def survivor(self) -> "Member":
        """Who this is today: the one it was merged into, or itself. A query where that row was not read along."""
        return self.merged_into or self


class Card(TenantModel):
    """What a member's QR says. Raising `generation` revokes every code made before."""

    member = TenantKey(Member, related_name="+")
    serial = models.BigIntegerField()  # random; says nothing about the member
    generation = models.SmallIntegerField(default=1)
    spoken_code = models.CharField(max_length=6)
    last_step = models.BigIntegerField(default=0)  # the newest rotating code used: each may be used once
    pin = models.CharField(max_length=128, blank=True, default="", db_default="", editable=False)  # its hash
    # The newest rotating code that units were spent by, and at whose till: `rewards.proof`.
    spent_step = models.BigIntegerField(default=0, db_default=0, editable=False)
    spent_by = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["merchant", "serial"], name="members_card_serial"),
            models.UniqueConstraint(fields=["merchant", "spoken_code"], name="members_card_spoken"),
            models.UniqueConstraint(fields=["merchant", "member"], name="members_card_one_each"),
        ]

    def __str__(self) -> str:
        return self.spoken_code


class Consent(TenantModel):
    """One answer a member gave to one question. The newest row of a purpose is what holds; older ones are proof."""

    class Purpose(models.TextChoices):
        """What the member may be written to about."""

        POINTS_EMAIL = "points_email", _("An e-mail when points arrive")
        NEWS_EMAIL = "news_email", _("News and offers by e-mail")

    member = TenantKey(Member, related_name="+")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    given = models.BooleanField()
    source = models.CharField(max_length=20)  # join, scanner, api, card
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(
                fields=["merchant", "member", "purpose", "-recorded_at"], name="members_consent_last"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.given}"
