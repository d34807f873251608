import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import Q

import core.ids
import core.tenancy
from core import rls
from core.sql import sql_file


def an_id() -> models.UUIDField:
    return models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)


def of_a_merchant() -> models.ForeignKey:
    return models.ForeignKey(
        "merchants.merchant",
        db_constraint=False,
        db_index=False,
        default=core.tenancy.current_merchant_id,
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
    )


class Migration(migrations.Migration):
    """What is remembered of a member, what all members together had, what was on a bill, and what else happened."""

    dependencies = [("loyalty", "0010_versions"), ("ledger", "0009_due_here")]

    operations = [
        migrations.AddField("standing", "memory", models.JSONField(default=dict, db_default={})),
        migrations.AddField("standing", "ordinal", models.PositiveIntegerField(default=0, db_default=0)),
        migrations.AddField("standing", "visits", models.PositiveIntegerField(default=0, db_default=0)),
        migrations.AddField("purchase", "bill", models.JSONField(default=dict, db_default={})),
        migrations.CreateModel(
            name="Budget",
            fields=[
                ("id", an_id()),
                ("rule", models.CharField(max_length=60)),
                ("period", models.CharField(max_length=10)),
                ("units", models.BigIntegerField(default=0)),
                ("times", models.PositiveIntegerField(default=0)),
                ("merchant", of_a_merchant()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=["merchant", "period", "rule"], name="loyalty_budget_once"),
                    models.CheckConstraint(condition=Q(units__gte=0), name="loyalty_budget_positive"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Happening",
            fields=[
                ("id", an_id()),
                ("trigger", models.CharField(max_length=20)),
                ("name", models.CharField(blank=True, max_length=60)),
                ("actor_id", models.UUIDField(null=True)),
                ("programme_version", models.PositiveIntegerField()),
                ("reasons", models.JSONField(default=list)),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("merchant", of_a_merchant()),
                (
                    "member",
                    core.tenancy.TenantKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.member",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        fields=["merchant", "member", "-occurred_at"], name="loyalty_happening_story"
                    )
                ],
            },
        ),
        rls.tenant_table("loyalty_budget", rights=rls.KEEP, merchant_reference=False),
        rls.tenant_table(
            "loyalty_happening",
            references={"member_id": "members_member"},
            rights=rls.APPEND,
            merchant_reference=False,
        ),
        # Counted up by every purchase that takes of it, in place where its page has room.
        migrations.RunSQL("ALTER TABLE loyalty_budget SET (fillfactor = 50)", migrations.RunSQL.noop),
        migrations.RunSQL(sql_file("loyalty/sql/remembering.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(
            "GRANT EXECUTE ON FUNCTION loyalty_read_scan, loyalty_take_budgets, loyalty_write_purchase, "
            "loyalty_record_purchase TO habitue_app",
            migrations.RunSQL.noop,
        ),
    ]
