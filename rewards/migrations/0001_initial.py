import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import F, Q

import core.ids
import core.tenancy
from core import rls
from core.sql import sql_file

STATUSES = [
    ("held", "Set aside"),
    ("captured", "Handed over"),
    ("released", "Let go"),
    ("expired", "Time ran out"),
    ("voided", "Given back"),
]


def head() -> list[tuple[str, models.Field]]:
    return [
        ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
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
    ]


def a_key(to: str) -> core.tenancy.TenantKey:
    return core.tenancy.TenantKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=to,
    )


class Migration(migrations.Migration):
    """Rewards, and who took them."""

    initial = True

    dependencies = [("loyalty", "0008_limits"), ("members", "0005_listing"), ("ledger", "0004_all_operations")]

    operations = [
        migrations.CreateModel(
            name="Reward",
            fields=[
                *head(),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("unit", a_key("loyalty.unit")),
                ("cost", models.PositiveIntegerField()),
                ("stock", models.PositiveIntegerField(null=True)),
                ("taken", models.PositiveIntegerField(default=0)),
                ("live", models.BooleanField(default=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(condition=Q(cost__gt=0), name="rewards_reward_costs"),
                    models.CheckConstraint(
                        condition=Q(stock=None) | Q(taken__lte=F("stock")), name="rewards_never_oversold"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Redemption",
            fields=[
                *head(),
                ("reward", a_key("rewards.reward")),
                ("member", a_key("members.member")),
                ("unit", a_key("loyalty.unit")),
                ("cost", models.PositiveIntegerField()),
                ("status", models.CharField(choices=STATUSES, default="held", max_length=10)),
                ("held_until", models.DateTimeField()),
                ("held_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("closed_at", models.DateTimeField(null=True)),
                ("actor_id", models.UUIDField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["merchant", "member", "-id"], name="rewards_redemption_story"),
                    models.Index(
                        fields=["merchant", "reward", "held_until"],
                        name="rewards_redemption_held",
                        condition=Q(status="held"),
                    ),
                ],
            },
        ),
        rls.tenant_table(
            "rewards_reward",
            references={"unit_id": "loyalty_unit"},
            rights="SELECT, INSERT, UPDATE",
        ),
        rls.tenant_table(
            "rewards_redemption",
            references={
                "reward_id": "rewards_reward",
                "member_id": "members_member",
                "unit_id": "loyalty_unit",
            },
            rights="SELECT, INSERT, UPDATE",
        ),
        migrations.RunSQL(sql_file("rewards/sql/redemption.sql"), migrations.RunSQL.noop),
    ]
