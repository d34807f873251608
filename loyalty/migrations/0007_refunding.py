import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import Case, F, Q, When

import core.ids
import core.tenancy
from core import rls
from core.sql import sql_file

OF_A_MERCHANT = models.ForeignKey(
    "merchants.merchant",
    db_constraint=False,
    db_index=False,
    default=core.tenancy.current_merchant_id,
    editable=False,
    on_delete=django.db.models.deletion.PROTECT,
    related_name="+",
)


def an_id() -> models.UUIDField:
    return models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)


def a_key(to: str, related_name: str) -> core.tenancy.TenantKey:
    return core.tenancy.TenantKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to=to,
    )


class Migration(migrations.Migration):
    """A purchase can be refunded, in parts; and whoever adjusts or refunds may say why."""

    dependencies = [("loyalty", "0006_debt_and_counts"), ("ledger", "0004_all_operations")]

    operations = [
        migrations.AddField("purchase", "refunded_minor", models.BigIntegerField(default=0, db_default=0)),
        migrations.AddField("purchase", "refunded_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "purchase",
            "ended_at",
            models.GeneratedField(
                expression=Case(
                    When(refunded_minor=F("amount_minor"), then=F("refunded_at")), default=F("cancelled_at")
                ),
                output_field=models.DateTimeField(null=True),
                db_persist=True,
            ),
        ),
        migrations.AddConstraint(
            "purchase",
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("amount_minor")),
                name="loyalty_purchase_refunded",
            ),
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", an_id()),
                ("amount_minor", models.BigIntegerField()),
                ("actor_id", models.UUIDField(null=True)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("merchant", OF_A_MERCHANT.clone()),
                ("purchase", a_key("loyalty.purchase", "refunds")),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["merchant", "purchase"], name="loyalty_refund_purchase")],
                "constraints": [
                    models.CheckConstraint(condition=Q(amount_minor__gt=0), name="loyalty_refund_positive")
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", an_id()),
                ("text", models.CharField(max_length=200)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("merchant", OF_A_MERCHANT.clone()),
                ("member", a_key("members.member", "+")),
            ],
            options={"abstract": False, "base_manager_name": "objects"},
        ),
        rls.tenant_table("loyalty_refund", references={"purchase_id": "loyalty_purchase"}, rights=rls.APPEND),
        # Erasing a member blanks the text, and nothing changes it otherwise.
        rls.tenant_table(
            "loyalty_note", references={"member_id": "members_member"}, rights="SELECT, INSERT, UPDATE (text)"
        ),
        migrations.RunSQL(sql_file("loyalty/sql/refund_purchase.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(
            "GRANT EXECUTE ON FUNCTION loyalty_units_of_purchase TO habitue_app", migrations.RunSQL.noop
        ),
    ]
