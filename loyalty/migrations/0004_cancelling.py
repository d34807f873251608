from django.db import migrations, models

from core.sql import sql_file


class Migration(migrations.Migration):
    """A purchase can be cancelled: noted on it once, by one function."""

    dependencies = [("loyalty", "0003_newest_version"), ("ledger", "0002_taking_back")]

    operations = [
        migrations.AddField("purchase", "cancelled_at", models.DateTimeField(null=True)),
        migrations.RunSQL(sql_file("loyalty/sql/cancel_purchase.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(
            "GRANT EXECUTE ON FUNCTION loyalty_note_cancellation TO habitue_app", migrations.RunSQL.noop
        ),
    ]
