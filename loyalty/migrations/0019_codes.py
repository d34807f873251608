import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Lower

import core.ids
import core.tenancy
from core import rls


def an_id() -> models.UUIDField:
    return models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)


def a_merchant() -> models.ForeignKey:
    return models.ForeignKey(
        "merchants.merchant",
        db_constraint=False,
        db_index=False,
        default=core.tenancy.current_merchant_id,
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
    )


def a_key(to: str) -> core.tenancy.TenantKey:
    return core.tenancy.TenantKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=to,
    )


class Migration(migrations.Migration):
    """Batches of codes, and who entered which."""

    dependencies = [("loyalty", "0018_forgetting_happenings"), ("members", "0006_merging")]

    operations = [
        migrations.CreateModel(
            name="CodeBatch",
            fields=[
                ("id", an_id()),
                ("number", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=60)),
                ("source", models.CharField(blank=True, max_length=60)),
                ("word", models.CharField(blank=True, max_length=30)),
                ("size", models.PositiveIntegerField()),
                ("per_member", models.PositiveIntegerField(null=True)),
                ("first_on", models.DateField(null=True)),
                ("last_on", models.DateField(null=True)),
                ("used", models.PositiveIntegerField(default=0)),
                ("made_by", models.UUIDField(null=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("merchant", a_merchant()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=["merchant", "number"], name="loyalty_batch_number"),
                    models.UniqueConstraint(F("merchant"), Lower("name"), name="loyalty_batch_name"),
                    models.UniqueConstraint(
                        fields=["merchant", "word"], condition=~Q(word=""), name="loyalty_batch_word"
                    ),
                    models.CheckConstraint(
                        condition=Q(used__lte=F("size")), name="loyalty_batch_not_overdrawn"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CodeUse",
            fields=[
                ("id", an_id()),
                ("serial", models.PositiveIntegerField()),
                ("used_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("batch", a_key("loyalty.codebatch")),
                ("member", a_key("members.member")),
                ("merchant", a_merchant()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["merchant", "member", "batch"], name="loyalty_codes_of_member")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["merchant", "batch", "serial"], name="loyalty_code_once")
                ],
            },
        ),
        rls.tenant_table("loyalty_codebatch", rights=rls.KEEP),
        rls.tenant_table(
            "loyalty_codeuse",
            references={
                "id": "loyalty_happening",
                "batch_id": "loyalty_codebatch",
                "member_id": "members_member",
            },
            rights=rls.APPEND,
        ),
    ]
