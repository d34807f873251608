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


OURS = {"abstract": False, "base_manager_name": "objects"}


class Migration(migrations.Migration):
    """Designs that are saved, their versions, and what came of each one's proof."""

    dependencies = [("merchants", "0002_look"), ("studio", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Design",
            fields=[
                ("id", an_id()),
                ("name", models.CharField(max_length=60)),
                ("made_by", models.UUIDField(null=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("removed_at", models.DateTimeField(null=True)),
                ("merchant", a_merchant()),
            ],
            options=OURS,
        ),
        migrations.CreateModel(
            name="DesignVersion",
            fields=[
                ("id", an_id()),
                ("number", models.PositiveSmallIntegerField()),
                ("drawn", models.JSONField()),
                ("made_by", models.UUIDField(null=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("is_default", models.BooleanField(default=False)),
                ("digest", models.CharField(blank=True, max_length=32)),
                ("total", models.PositiveSmallIntegerField(default=0)),
                ("done", models.PositiveSmallIntegerField(default=0)),
                ("seen_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("score", models.PositiveSmallIntegerField(null=True)),
                ("passed", models.BooleanField(default=False)),
                ("failures", models.JSONField(default=list)),
                (
                    "design",
                    core.tenancy.TenantKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.PROTECT,
                        related_name="+",
                        to="studio.design",
                    ),
                ),
                ("merchant", a_merchant()),
            ],
            options=OURS
            | {
                "constraints": [
                    models.UniqueConstraint(
                        fields=["merchant", "design", "number"], name="studio_design_version"
                    ),
                    models.UniqueConstraint(
                        fields=["merchant"], condition=Q(is_default=True), name="studio_one_default"
                    ),
                    models.CheckConstraint(
                        condition=Q(is_default=False) | Q(passed=True), name="studio_default_scans"
                    ),
                ],
                "indexes": [
                    models.Index(
                        fields=["merchant", "id"], name="studio_proof_waiting", condition=Q(finished_at=None)
                    ),
                    models.Index(fields=["merchant", "digest"], name="studio_proven"),
                ],
            },
        ),
        rls.tenant_table("studio_design", rights=rls.KEEP),
        rls.tenant_table("studio_designversion", references={"design_id": "studio_design"}, rights=rls.KEEP),
        # Which of them wait for a worker, and nothing of how they look.
        migrations.RunSQL(
            [
                "CREATE POLICY jobs_read ON studio_designversion FOR SELECT TO habitue_jobs USING (true)",
                "CREATE POLICY jobs_lease ON studio_designversion FOR UPDATE TO habitue_jobs USING (true)",
                "GRANT SELECT (merchant_id, id, seen_at, finished_at), UPDATE (seen_at) "
                "ON studio_designversion TO habitue_jobs",
            ],
            migrations.RunSQL.noop,
        ),
    ]
