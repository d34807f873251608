from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """What was set aside may be used on a purchase."""

    dependencies = [("ledger", "0012_from_the_word")]

    operations = [
        migrations.RunSQL(sql_file("loyalty/ledger/sql/for_a_purchase.sql"), migrations.RunSQL.noop),
        migrations.RunSQL("GRANT EXECUTE ON FUNCTION ledger_end_hold TO habitue_app", migrations.RunSQL.noop),
    ]
