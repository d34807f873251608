from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """The two statements of a purchase."""

    dependencies = [("loyalty", "0001_initial"), ("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(sql_file("loyalty/sql/read_scan.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(sql_file("loyalty/sql/record_purchase.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(
            "GRANT EXECUTE ON FUNCTION loyalty_read_scan, loyalty_read_version, loyalty_record_purchase "
            "TO habitue_app",
            migrations.RunSQL.noop,
        ),
    ]
