import core.ids
import core.tenancy
import django.db.models.deletion
from django.db import migrations, models

from core import rls


class Migration(migrations.Migration):

    dependencies = [
        ("analytics", "0003_below_zero"),
    ]

    operations = [
        migrations.CreateModel(
            name="Aim",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("members", "Members"), ("visits", "Visits of members in 30 days"), ("came_back", "Members who come back, in 100"), ("units", "Points given, at most")], max_length=10)),
                ("target", models.PositiveBigIntegerField()),
                ("since", models.DateField()),
                ("by", models.DateField()),
                ("closed_on", models.DateField(null=True)),
                ("merchant", models.ForeignKey(db_constraint=False, db_index=False, default=core.tenancy.current_merchant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="merchants.merchant")),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("closed_on", None)), fields=("merchant",), name="analytics_one_aim_open"),
                    models.CheckConstraint(condition=models.Q(("target__gt", 0), ("by__gt", models.F("since"))), name="analytics_aim_makes_sense"),
                ],
            },
        ),
        rls.tenant_table("analytics_aim", rights=rls.KEEP),
    ]
