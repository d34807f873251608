"""Links that are printed, and how far they brought how many people. Nobody who only scanned is known by anything here."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from core.tenancy import TenantKey, TenantModel


class Link(TenantModel):
    """What one printed code says. Where it leads follows from its kind, its place and its reward: see `web.card.links`.

    `partner`: the shop or the influencer who shows it; `campaign`: what it is a part of. Neither is read by anything but people.
    """

    class Kind(models.TextChoices):
        """What it is printed on."""

        JOIN = "join", pgettext_lazy("printed code", "Join")
        REWARD = "reward", pgettext_lazy("printed code", "Reward")
        TABLE = "table", pgettext_lazy("printed code", "Table tent")

    letters = models.CharField(max_length=6)  # random; with the merchant's number its address
    kind = models.CharField(max_length=6, choices=Kind.choices)
    label = models.CharField(max_length=80)
    partner = models.CharField(max_length=60, blank=True)
    campaign = models.CharField(max_length=60, blank=True)
    location = TenantKey("merchants.Location", null=True, related_name="+")
    reward = TenantKey("rewards.Reward", null=True, related_name="+")
    is_poster = models.BooleanField(default=False)  # the one that its location's poster says
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["merchant", "letters"], name="studio_link_letters"),
            models.UniqueConstraint(
                fields=["merchant", "location"], condition=Q(is_poster=True), name="studio_link_poster"
            ),
            models.CheckConstraint(
                condition=Q(kind="reward", reward__isnull=False) | ~Q(kind="reward") & Q(reward=None),
                name="studio_link_leads_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(is_poster=False) | Q(kind="join", location__isnull=False),
                name="studio_poster_has_its_place",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Visit(TenantModel):
    """Somebody who scanned a link on a day, so that the second scan is not counted; gone within minutes of the shop's midnight.

    `visitor` is a digest that is another one at the next link and on the next day: `counting.visitor_of`. The id tells no moment.
    """

    link = TenantKey(Link, related_name="+")
    day = models.DateField()  # the shop's
    visitor = models.BinaryField(max_length=16)
    opened = models.BooleanField(default=False)  # whether the page behind it was seen, too

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["merchant", "link", "day", "visitor"], name="studio_visit_once")
        ]

    def __str__(self) -> str:
        return str(self.day)


class LinkDay(TenantModel):
    """How many people scanned a link on one of the shop's days, and how many of them saw the page behind it."""

    link = TenantKey(Link, related_name="+")
    day = models.DateField()
    scans = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "link", "day"], name="studio_link_day")]

    def __str__(self) -> str:
        return str(self.day)


class Arrival(TenantModel):
    """Who joined by a link, and on which of the shop's days: what they bought is looked up from here."""

    link = TenantKey(Link, related_name="+")
    member = TenantKey("members.Member", related_name="+")
    day = models.DateField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "member"], name="studio_arrived_once")]
        indexes = [models.Index(fields=["merchant", "link", "day"], name="studio_arrivals")]

    def __str__(self) -> str:
        return str(self.day)
