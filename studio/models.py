"""Links that are printed, how far they brought how many people, and how they look. Nobody who only scanned is known here."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from core.jobs import Work
from core.tenancy import TenantKey, TenantModel
from studio.drawing import designs, keeping


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


class Design(TenantModel):
    """A design that a shop keeps under a name: see its versions. One that was removed can be brought back."""

    name = models.CharField(max_length=60)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class DesignVersion(Work, TenantModel):
    """A design as it was saved, never changed again, and what came of its proof: the full preflight, read by a worker.

    `drawn` is as `drawing.keeping` writes it. `digest` names what was proven: this, with the mark and the text of that day. A
    worker shows in `seen_at` that it is at work; finished without a score, the proof has failed. `failures`: [condition, size]
    of each trial that was not read.
    """

    design = TenantKey(Design, related_name="+")
    number = models.PositiveSmallIntegerField()  # from 1
    drawn = models.JSONField()
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    is_default = models.BooleanField(default=False)
    digest = models.CharField(max_length=32, blank=True)
    total = models.PositiveSmallIntegerField(default=0)  # trials; 0 until it is begun
    done = models.PositiveSmallIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    score = models.PositiveSmallIntegerField(null=True)  # percent of the trials that were read
    passed = models.BooleanField(default=False)
    failures = models.JSONField(default=list)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["merchant", "design", "number"], name="studio_design_version"),
            models.UniqueConstraint(
                fields=["merchant"], condition=Q(is_default=True), name="studio_one_default"
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(passed=True), name="studio_default_scans"
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant", "id"], name="studio_proof_waiting", condition=Q(finished_at=None)
            ),
            models.Index(fields=["merchant", "digest"], name="studio_proven"),
        ]

    def __str__(self) -> str:
        return f"{self.design_id} {self.number}"

    @property
    def look(self) -> designs.Design:
        """What is drawn."""
        return keeping.from_json(self.drawn)

    @property
    def succeeded(self) -> bool:
        """Whether all of it was tried."""
        return self.score is not None


class LabelFile(Work, TenantModel):
    """A part of a batch of codes as labels on sheets: asked for, drawn by a worker, kept for an hour. See `labels.making`.

    A worker shows in `seen_at` that it is at work; finished without a file, it has failed. `look` names what they look like.
    """

    batch = TenantKey("loyalty.CodeBatch", related_name="+")
    part = models.PositiveSmallIntegerField()  # from 1
    grid = models.CharField(max_length=2)  # of `labels.grids`
    look = models.CharField(max_length=32, blank=True)
    asked_by = models.UUIDField(null=True)
    total = models.PositiveSmallIntegerField(default=0)  # codes; 0 until it is begun
    done = models.PositiveSmallIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    content = models.BinaryField(null=True)  # PDF
    size_bytes = models.PositiveIntegerField(default=0)  # of that; 0 until it is made, and where it failed

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["merchant", "batch", "part", "grid"], name="studio_labels_once")
        ]
        indexes = [
            models.Index(
                fields=["merchant", "id"], name="studio_labels_waiting", condition=Q(finished_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.part} × {self.grid}"

    @property
    def succeeded(self) -> bool:
        """Whether there is a file."""
        return bool(self.size_bytes)
