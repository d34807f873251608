import django.utils.timezone
from django.db import migrations, models
from django.db.models import Q

import core.ids
import core.tenancy
from core import rls
from core.sql import sql_file

# A policy that is forced on the owner too asks for a scope; a redemption's guard refuses every change but its end.
# What there was becomes live, in the order in which it was shown: the cheapest first.
KEEP = """
ALTER TABLE rewards_reward NO FORCE ROW LEVEL SECURITY;
ALTER TABLE rewards_redemption NO FORCE ROW LEVEL SECURITY;
ALTER TABLE rewards_redemption DISABLE TRIGGER keep;
UPDATE rewards_reward r
SET names = jsonb_build_object(m.locale, r.name), status = CASE WHEN r.live THEN 'live' ELSE 'archived' END,
    position = p.position
FROM merchants_merchant m,
     (SELECT id, row_number() OVER (PARTITION BY merchant_id ORDER BY cost, id) AS position FROM rewards_reward) p
WHERE m.id = r.merchant_id AND p.id = r.id;
UPDATE rewards_redemption d
SET what = jsonb_build_object('names', r.names, 'terms', r.terms, 'kind', r.kind, 'value', r.value, 'conditions', r.conditions),
    captured_at = CASE WHEN d.status = 'captured' THEN d.closed_at END
FROM rewards_reward r WHERE r.merchant_id = d.merchant_id AND r.id = d.reward_id;
ALTER TABLE rewards_redemption ENABLE TRIGGER keep;
ALTER TABLE rewards_redemption FORCE ROW LEVEL SECURITY;
ALTER TABLE rewards_reward FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """A reward says all that an offer says; a redemption keeps what was taken."""

    dependencies = [("rewards", "0003_planned_rewards")]

    operations = [
        migrations.AddField("reward", "names", models.JSONField(default=dict)),
        migrations.AddField("reward", "terms", models.JSONField(default=dict)),
        migrations.AddField("reward", "kind", models.CharField(default="free_text", max_length=20)),
        migrations.AddField("reward", "value", models.JSONField(default=dict)),
        migrations.AddField("reward", "costs", models.JSONField(default=dict)),
        migrations.AddField("reward", "seen_from", models.PositiveIntegerField(default=0)),
        migrations.AddField("reward", "conditions", models.JSONField(default=list)),
        migrations.AddField("reward", "most", models.PositiveIntegerField(default=0)),
        migrations.AddField("reward", "most_in", models.PositiveIntegerField(default=0)),
        migrations.AddField("reward", "period", models.CharField(default="month", max_length=5)),
        migrations.AddField("reward", "auto", models.CharField(default="none", max_length=10)),
        migrations.AddField("reward", "cost_minor", models.BigIntegerField(default=0)),
        migrations.AddField("reward", "price_minor", models.BigIntegerField(default=0)),
        migrations.AddField("reward", "position", models.PositiveIntegerField(default=0)),
        migrations.AddField(
            "reward",
            "status",
            models.CharField(
                choices=[("draft", "Draft"), ("live", "Live"), ("archived", "Archived")], default="live", max_length=10
            ),
        ),
        migrations.AddField("reward", "picture", models.CharField(blank=True, default="", max_length=16)),
        migrations.AddField("redemption", "what", models.JSONField(default=dict)),
        migrations.AddField("redemption", "closed_by", models.UUIDField(null=True)),
        migrations.AddField("redemption", "captured_at", models.DateTimeField(null=True)),
        migrations.AddField("redemption", "captured_by", models.UUIDField(null=True)),
        migrations.AddField("redemption", "location_id", models.UUIDField(null=True)),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RunSQL(sql_file("rewards/sql/ending.sql"), migrations.RunSQL.noop),
        migrations.RemoveField("reward", "name"),
        migrations.RemoveField("reward", "live"),
        migrations.RemoveConstraint("reward", "rewards_reward_costs"),
        migrations.AddConstraint(
            "reward",
            models.CheckConstraint(
                condition=Q(auto="on_tier", cost=0) | ~Q(auto="on_tier") & Q(cost__gt=0), name="rewards_reward_costs"
            ),
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=16)),
                ("large", models.BinaryField()),
                ("medium", models.BinaryField()),
                ("small", models.BinaryField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                    models.UniqueConstraint(fields=("merchant", "reward"), name="rewards_picture_once")
                ],
            },
        ),
        rls.tenant_table("rewards_picture", references={"reward_id": "rewards_reward"}),
    ]
