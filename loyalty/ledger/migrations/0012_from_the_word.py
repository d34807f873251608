from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """What waits for a word lives from that word on."""

    dependencies = [("ledger", "0011_lasting_apart")]

    operations = [
        migrations.RunSQL(sql_file("loyalty/ledger/sql/from_the_word.sql"), migrations.RunSQL.noop),
        migrations.RunSQL("GRANT EXECUTE ON FUNCTION ledger_prolong TO habitue_app", migrations.RunSQL.noop),
    ]
