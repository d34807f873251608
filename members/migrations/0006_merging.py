"""A member may turn out to be another one: its row stays, for purchases and the books refer to it, and leads to that one.

The indexes leave out who was merged as they do who was erased.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import core.tenancy
from core.sql import sql_file


class Migration(migrations.Migration):

    dependencies = [
        ("members", "0005_listing"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="member", name="members_reachable_or_erased"),
        migrations.RemoveIndex(model_name="member", name="members_by_name"),
        migrations.RemoveIndex(model_name="member", name="members_erased"),
        migrations.AddField(
            model_name="member",
            name="merged_into",
            field=core.tenancy.TenantKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.member",
            ),
        ),
        migrations.AddField(
            model_name="member",
            name="merged_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="member",
            name="gave",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=10), blank=True, default=list, editable=False, size=None
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                fields=["merchant", "search", "id"],
                condition=Q(erased_at=None, merged_into=None),
                name="members_by_name",
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                fields=["merchant", "id"],
                condition=Q(erased_at__isnull=False) | Q(merged_into__isnull=False),
                name="members_gone",
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                fields=["merchant", "merged_into"], condition=Q(merged_into__isnull=False), name="members_merged"
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=Q(erased_at=None) & (~Q(phone="", email="") | Q(merged_into__isnull=False))
                | Q(
                    erased_at__isnull=False,
                    name="",
                    phone="",
                    email="",
                    search="",
                    birthday=None,
                    email_verified_at=None,
                ),
                name="members_reachable_or_erased",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=Q(merged_into=None, merged_at=None, gave=[])
                | Q(merged_into__isnull=False, merged_at__isnull=False) & ~Q(merged_into=F("id")),
                name="members_merged_whole",
            ),
        ),
        migrations.RunSQL(
            [
                # A new key is checked against all merchants' rows, which only an unbound owner sees.
                "ALTER TABLE members_member NO FORCE ROW LEVEL SECURITY",
                "ALTER TABLE members_member ADD CONSTRAINT members_member_merged_into_id_tenant_fk "
                "FOREIGN KEY (merchant_id, merged_into_id) REFERENCES members_member (merchant_id, id) "
                "DEFERRABLE INITIALLY IMMEDIATE",
                "ALTER TABLE members_member FORCE ROW LEVEL SECURITY",
                sql_file("members/sql/merging.sql"),
            ],
            migrations.RunSQL.noop,
        ),
    ]
