import django.utils.timezone
from django.db import migrations, models
from django.db.models import Q

import core.ids
import core.tenancy
from core import rls


def an_id() -> models.UUIDField:
    return models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)


def a_merchant() -> models.ForeignKey:
    return models.ForeignKey(
        "merchants.merchant",
        db_constraint=False,
        db_index=False,
        default=core.tenancy.current_merchant_id,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )


def a_key(to: str, *, null: bool = False) -> core.tenancy.TenantKey:
    return core.tenancy.TenantKey(
        db_constraint=False, db_index=False, null=null, on_delete=models.PROTECT, related_name="+", to=to
    )


OURS = {"abstract": False, "base_manager_name": "objects"}


class Migration(migrations.Migration):
    """Links that are printed, who scanned them on a day, how many that were, and who joined by one."""

    initial = True
    dependencies = [
        ("merchants", "0001_initial"),
        ("members", "0008_proving"),
        ("rewards", "0006_vouchers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", an_id()),
                ("letters", models.CharField(max_length=6)),
                (
                    "kind",
                    models.CharField(
                        choices=[("join", "Join"), ("reward", "Reward"), ("table", "Table tent")], max_length=6
                    ),
                ),
                ("label", models.CharField(max_length=80)),
                ("partner", models.CharField(blank=True, max_length=60)),
                ("campaign", models.CharField(blank=True, max_length=60)),
                ("is_poster", models.BooleanField(default=False)),
                ("made_by", models.UUIDField(null=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("location", a_key("merchants.location", null=True)),
                ("merchant", a_merchant()),
                ("reward", a_key("rewards.reward", null=True)),
            ],
            options=OURS
            | {
                "constraints": [
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
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", an_id()),
                ("day", models.DateField()),
                ("visitor", models.BinaryField(max_length=16)),
                ("opened", models.BooleanField(default=False)),
                ("link", a_key("studio.link")),
                ("merchant", a_merchant()),
            ],
            options=OURS
            | {
                "constraints": [
                    models.UniqueConstraint(fields=["merchant", "link", "day", "visitor"], name="studio_visit_once")
                ]
            },
        ),
        migrations.CreateModel(
            name="LinkDay",
            fields=[
                ("id", an_id()),
                ("day", models.DateField()),
                ("scans", models.PositiveIntegerField(default=0)),
                ("opened", models.PositiveIntegerField(default=0)),
                ("link", a_key("studio.link")),
                ("merchant", a_merchant()),
            ],
            options=OURS
            | {"constraints": [models.UniqueConstraint(fields=["merchant", "link", "day"], name="studio_link_day")]},
        ),
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("id", an_id()),
                ("day", models.DateField()),
                ("link", a_key("studio.link")),
                ("member", a_key("members.member")),
                ("merchant", a_merchant()),
            ],
            options=OURS
            | {
                "constraints": [models.UniqueConstraint(fields=["merchant", "member"], name="studio_arrived_once")],
                "indexes": [models.Index(fields=["merchant", "link", "day"], name="studio_arrivals")],
            },
        ),
        rls.tenant_table(
            "studio_link",
            references={"location_id": "merchants_location", "reward_id": "rewards_reward"},
            rights=rls.KEEP,
        ),
        rls.tenant_table("studio_visit", references={"link_id": "studio_link"}),
        # The sweep that forgets them asks at which shops a day is over; who visited, it cannot read.
        migrations.RunSQL(
            [
                "CREATE POLICY jobs_due ON studio_visit FOR SELECT TO habitue_jobs USING (true)",
                "GRANT SELECT (merchant_id, day) ON studio_visit TO habitue_jobs",
            ],
            migrations.RunSQL.noop,
        ),
        rls.tenant_table("studio_linkday", references={"link_id": "studio_link"}, rights=rls.KEEP),
        rls.tenant_table(
            "studio_arrival",
            references={"link_id": "studio_link", "member_id": "members_member"},
            rights=rls.APPEND,
        ),
    ]
