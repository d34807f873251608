import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models.functions import Now

import core.ids
import core.tenancy
from core import rls

# Versions of before were in force when they were published. The table is rewritten, not updated: no policy is asked.
EFFECTIVE_AT = """
ALTER TABLE loyalty_programmeversion ADD effective_at timestamptz;
ALTER TABLE loyalty_programmeversion ALTER effective_at TYPE timestamptz USING published_at;
ALTER TABLE loyalty_programmeversion ALTER effective_at SET NOT NULL,
                                     ALTER effective_at SET DEFAULT statement_timestamp();
"""


class Migration(migrations.Migration):
    """A version comes into force at a moment, with a note; changes wait in a draft that can be undone.

    The version in force says every rule, so that the table of rules goes.
    """

    dependencies = [("loyalty", "0009_merging"), ("merchants", "0002_look")]

    operations = [
        migrations.DeleteModel("EarnRule"),
        migrations.AlterField(
            "unit",
            "kind",
            models.CharField(
                choices=[("points", "Points"), ("stamps", "Stamps"), ("credit", "Credit")],
                default="points",
                max_length=10,
            ),
        ),
        migrations.AddField(
            "programmeversion", "note", models.CharField(blank=True, db_default="", max_length=300)
        ),
        migrations.AddField("programmeversion", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(EFFECTIVE_AT, migrations.RunSQL.noop)],
            state_operations=[
                migrations.AddField(
                    "programmeversion",
                    "effective_at",
                    models.DateTimeField(db_default=Now(), default=django.utils.timezone.now),
                )
            ],
        ),
        migrations.RunSQL(
            "GRANT UPDATE (withdrawn_at) ON loyalty_programmeversion TO habitue_app", migrations.RunSQL.noop
        ),
        migrations.AddField("programme", "next_version", models.PositiveIntegerField(null=True)),
        migrations.AddField("programme", "next_at", models.DateTimeField(null=True)),
        migrations.AddField("programme", "drafted", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AddField("programme", "joined", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AddConstraint(
            "programme",
            models.CheckConstraint(
                condition=models.Q(next_version=None, next_at=None)
                | models.Q(next_version__isnull=False, next_at__isnull=False),
                name="loyalty_next_has_moment",
            ),
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("revision", models.PositiveIntegerField()),
                ("definition", models.JSONField()),
                ("based_on", models.PositiveIntegerField()),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "changed_by",
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
                "constraints": [
                    models.UniqueConstraint(fields=("merchant", "revision"), name="loyalty_draft_revision")
                ],
            },
        ),
        rls.tenant_table(
            "loyalty_draft",
            references={"changed_by_id": "merchants_staffmember"},
            rights="SELECT, INSERT, DELETE",
        ),
        # Whose next version is due, and nothing of what it says: for those whose shop nobody enters.
        migrations.RunSQL(
            [
                "CREATE POLICY jobs_due ON loyalty_programme FOR SELECT TO habitue_jobs USING (true)",
                "GRANT SELECT (merchant_id, next_at) ON loyalty_programme TO habitue_jobs",
            ],
            migrations.RunSQL.noop,
        ),
    ]
