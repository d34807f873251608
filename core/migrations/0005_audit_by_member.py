from django.db import migrations, models

# Whoever owns the table reads it here, and its policy is forced on them too.
FILL = [
    "ALTER TABLE core_auditrow NO FORCE ROW LEVEL SECURITY",
    "UPDATE core_auditrow SET member_id = (payload->>'member')::uuid WHERE payload ? 'member'",
    "ALTER TABLE core_auditrow FORCE ROW LEVEL SECURITY",
]


class Migration(migrations.Migration):
    """What became of a member is found by the member."""

    dependencies = [("core", "0004_erasing_answers")]

    operations = [
        migrations.AddField(
            model_name="auditrow", name="member_id", field=models.UUIDField(null=True)
        ),
        migrations.RunSQL(FILL, reverse_sql=migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="auditrow",
            index=models.Index(
                fields=["merchant", "member_id", "occurred_at"],
                condition=models.Q(member_id__isnull=False),
                name="core_auditrow_member",
            ),
        ),
    ]
