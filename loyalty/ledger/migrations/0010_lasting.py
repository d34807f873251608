from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """A lot may live longer than it was to."""

    dependencies = [("ledger", "0009_due_here")]

    operations = [
        migrations.RunSQL(sql_file("loyalty/ledger/sql/lasting.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(
            "GRANT EXECUTE ON FUNCTION ledger_carry, ledger_renew TO habitue_app", migrations.RunSQL.noop
        ),
    ]
