import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import core.ids
import core.tenancy
from core import rls


class Migration(migrations.Migration):
    """Labels of packaging codes, made by a worker and kept for an hour."""

    dependencies = [("studio", "0002_designs"), ("loyalty", "0019_codes")]

    operations = [
        migrations.CreateModel(
            name="LabelFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("part", models.PositiveSmallIntegerField()),
                ("grid", models.CharField(max_length=2)),
                ("look", models.CharField(blank=True, max_length=32)),
                ("asked_by", models.UUIDField(null=True)),
                ("total", models.PositiveSmallIntegerField(default=0)),
                ("done", models.PositiveSmallIntegerField(default=0)),
                ("seen_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("content", models.BinaryField(null=True)),
                ("size_bytes", models.PositiveIntegerField(default=0)),
                (
                    "batch",
                    core.tenancy.TenantKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.codebatch",
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        "merchants.merchant",
                        db_constraint=False,
                        db_index=False,
                        default=core.tenancy.current_merchant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["merchant", "batch", "part", "grid"], name="studio_labels_once"
                    )
                ],
                "indexes": [
                    models.Index(
                        fields=["merchant", "id"], name="studio_labels_waiting", condition=Q(finished_at=None)
                    )
                ],
            },
        ),
        rls.tenant_table("studio_labelfile", references={"batch_id": "loyalty_codebatch"}),
        # Which of them wait for a worker or are over, and nothing of what is on them.
        migrations.RunSQL(
            [
                "CREATE POLICY jobs_read ON studio_labelfile FOR SELECT TO habitue_jobs USING (true)",
                "CREATE POLICY jobs_lease ON studio_labelfile FOR UPDATE TO habitue_jobs USING (true)",
                "GRANT SELECT (merchant_id, id, seen_at, finished_at), UPDATE (seen_at) "
                "ON studio_labelfile TO habitue_jobs",
            ],
            migrations.RunSQL.noop,
        ),
    ]
