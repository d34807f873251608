import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import core.ids
import core.tenancy
from core import rls


def a_member() -> core.tenancy.TenantKey:
    return core.tenancy.TenantKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="members.member",
    )


class Migration(migrations.Migration):
    """Which member brought which."""

    dependencies = [("loyalty", "0014_greeting"), ("members", "0006_merging")]

    operations = [
        migrations.CreateModel(
            name="Referral",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("came_at", models.DateTimeField(null=True)),
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
                ("friend", a_member()),
                ("referrer", a_member()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=["merchant", "friend"], name="loyalty_referral_once")
                ],
            },
        ),
        rls.tenant_table(
            "loyalty_referral",
            references={"friend_id": "members_member", "referrer_id": "members_member"},
            rights=rls.KEEP,
        ),
    ]
