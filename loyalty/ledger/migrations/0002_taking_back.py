from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """Awards can be taken back: their arc, their kind of entry, their function."""

    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(sql_file("loyalty/ledger/sql/taking_back.sql"), migrations.RunSQL.noop),
        migrations.RunSQL("GRANT EXECUTE ON FUNCTION ledger_take_back TO habitue_app", migrations.RunSQL.noop),
    ]
