from django.db import migrations, models

from core.sql import sql_file


class Migration(migrations.Migration):
    """A purchase that repays, vests, and is counted for the limits of a day."""

    dependencies = [("loyalty", "0005_nobody_for_the_erased"), ("ledger", "0004_all_operations")]

    operations = [
        migrations.AddField("standing", "counted_on", models.DateField(null=True)),
        migrations.AddField("standing", "counted", models.PositiveIntegerField(default=0, db_default=0)),
        migrations.AddField("standing", "counted_static", models.PositiveIntegerField(default=0, db_default=0)),
        migrations.RunSQL(sql_file("loyalty/sql/reading_and_recording.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(
            "GRANT EXECUTE ON FUNCTION loyalty_read_scan, loyalty_record_purchase TO habitue_app",
            migrations.RunSQL.noop,
        ),
    ]
