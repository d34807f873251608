import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import Q

import core.ids
import core.tenancy
from core import rls


class Migration(migrations.Migration):
    """Drafts that are rehearsed, and what came of them."""

    dependencies = [("loyalty", "0012_ordinals")]

    operations = [
        migrations.CreateModel(
            name="Rehearsal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("definition", models.JSONField()),
                ("revision", models.PositiveIntegerField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("seen_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("result", models.JSONField(null=True)),
                (
                    "asked_by",
                    core.tenancy.TenantKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="merchants.staffmember",
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        default=core.tenancy.current_merchant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="merchants.merchant",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=Q(finished_at=None),
                        fields=["merchant", "id"],
                        name="loyalty_rehearsal_waiting",
                    )
                ],
            },
        ),
        rls.tenant_table("loyalty_rehearsal", references={"asked_by_id": "merchants_staffmember"}),
        # Which of them wait for a worker, and nothing of what they say.
        migrations.RunSQL(
            [
                "CREATE POLICY jobs_read ON loyalty_rehearsal FOR SELECT TO habitue_jobs USING (true)",
                "CREATE POLICY jobs_lease ON loyalty_rehearsal FOR UPDATE TO habitue_jobs USING (true)",
                "GRANT SELECT (merchant_id, id, seen_at, finished_at), UPDATE (seen_at) "
                "ON loyalty_rehearsal TO habitue_jobs",
            ],
            migrations.RunSQL.noop,
        ),
    ]
