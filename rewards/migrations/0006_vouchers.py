import django.utils.timezone
from django.db import migrations, models
from django.db.models import Q

import core.ids
import core.tenancy
from core import rls


class Migration(migrations.Migration):
    """What is taken may be a voucher, with a code and a long hold; and a reward comes by itself, once a crossing."""

    dependencies = [("rewards", "0005_counter")]

    operations = [
        migrations.AddField("reward", "valid_days", models.PositiveIntegerField(default=0)),
        migrations.AddField("redemption", "serial", models.BigIntegerField(null=True)),
        migrations.AddIndex(
            "redemption",
            models.Index(
                condition=Q(("cost", 0), ("status", "held")), fields=["held_until"], name="rewards_redemption_free"
            ),
        ),
        migrations.AddConstraint(
            "redemption", models.UniqueConstraint(fields=("merchant", "serial"), name="rewards_voucher_once")
        ),
        migrations.CreateModel(
            name="Crossing",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("ordinal", models.PositiveIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "merchant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        default=core.tenancy.current_merchant_id,
                        editable=False,
                        on_delete=models.PROTECT,
                        related_name="+",
                        to="merchants.merchant",
                    ),
                ),
                (
                    "member",
                    core.tenancy.TenantKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.PROTECT,
                        related_name="+",
                        to="members.member",
                    ),
                ),
                (
                    "reward",
                    core.tenancy.TenantKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.PROTECT,
                        related_name="+",
                        to="rewards.reward",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant", "member", "reward", "ordinal"), name="rewards_crossed_once"
                    )
                ],
            },
        ),
        rls.tenant_table(
            "rewards_crossing",
            references={"member_id": "members_member", "reward_id": "rewards_reward"},
            rights=rls.APPEND,
        ),
        migrations.RunSQL(
            [
                # Where a voucher that costs nothing has run out, and nothing of whose it is.
                "CREATE POLICY jobs_due ON rewards_redemption FOR SELECT TO habitue_jobs USING (true)",
                "GRANT SELECT (merchant_id, status, cost, held_until) ON rewards_redemption TO habitue_jobs",
            ],
            migrations.RunSQL.noop,
        ),
    ]
