from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """The programme in force beside the merchant's row, in one statement."""

    dependencies = [("loyalty", "0002_purchase_functions")]

    operations = [
        migrations.RunSQL(sql_file("loyalty/sql/newest_version.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(
            "GRANT EXECUTE ON FUNCTION loyalty_newest_version TO habitue_app", migrations.RunSQL.noop
        ),
    ]
