from django.db import migrations, models

# Whoever owns the tables reads them here, and their policies are forced on them too. What was neither sent nor is an event
# that is still to be delivered was dropped.
FILL = [
    "ALTER TABLE notifications_message NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE core_event NO FORCE ROW LEVEL SECURITY",
    """
    UPDATE notifications_message m SET dropped_at = m.created_at
    WHERE m.sent_at IS NULL AND NOT EXISTS (
        SELECT FROM core_event e
        WHERE e.merchant_id = m.merchant_id AND e.name = 'message.written' AND e.payload->>'message' = m.id::text
    )
    """,
    "ALTER TABLE core_event FORCE ROW LEVEL SECURITY",
    "ALTER TABLE notifications_message FORCE ROW LEVEL SECURITY",
]


class Migration(migrations.Migration):
    """A letter that there was no reason to send any more waits no longer."""

    dependencies = [("core", "0005_audit_by_member"), ("notifications", "0002_no_tries")]

    operations = [
        migrations.AddField(
            model_name="message", name="dropped_at", field=models.DateTimeField(null=True)
        ),
        migrations.RunSQL(FILL, reverse_sql=migrations.RunSQL.noop),
    ]
