import core.ids
import core.tenancy
import django.db.models.deletion
from django.db import migrations, models

from core import rls


class Migration(migrations.Migration):

    dependencies = [
        ("rewards", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("template", models.SlugField(blank=True, max_length=40)),
                ("basket_minor", models.BigIntegerField(default=0)),
                ("visits", models.PositiveSmallIntegerField(default=0)),
                ("margin_percent", models.PositiveSmallIntegerField(default=0)),
                ("gift_minor", models.BigIntegerField(default=0)),
                ("quarter_minor", models.BigIntegerField(default=0)),
                ("offers", models.JSONField(default=list)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=0)),
                ("step", models.CharField(blank=True, max_length=20)),
                ("closed_at", models.DateTimeField(null=True)),
                ("merchant", models.ForeignKey(db_constraint=False, db_index=False, default=core.tenancy.current_merchant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="merchants.merchant")),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("merchant",), name="rewards_one_plan")],
            },
        ),
        rls.tenant_table("rewards_plan", rights=rls.KEEP),
    ]
