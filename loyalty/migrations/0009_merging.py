import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import core.ids
import core.tenancy
from core import rls
from core.sql import sql_file


def a_member() -> core.tenancy.TenantKey:
    return core.tenancy.TenantKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="members.member",
    )


class Migration(migrations.Migration):
    """Two members may be one: who was merged into whom, and a scan that finds the one who stays."""

    dependencies = [("loyalty", "0008_limits"), ("members", "0006_merging")]

    operations = [
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("tier_before", models.UUIDField(null=True)),
                ("actor_id", models.UUIDField(null=True)),
                ("merged_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.UUIDField(null=True)),
                ("into", a_member()),
                ("merged", a_member()),
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
            options={"abstract": False, "base_manager_name": "objects"},
        ),
        migrations.AddIndex(
            model_name="merge", index=models.Index(fields=["merchant", "into"], name="loyalty_merge_into")
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.UniqueConstraint(
                condition=models.Q(undone_at=None), fields=("merchant", "merged"), name="loyalty_merge_once"
            ),
        ),
        rls.tenant_table(
            "loyalty_merge",
            references={"merged_id": "members_member", "into_id": "members_member"},
            rights="SELECT, INSERT, UPDATE (undone_at, undone_by)",
        ),
        migrations.RunSQL(sql_file("loyalty/sql/read_scan_merged.sql"), migrations.RunSQL.noop),
    ]
