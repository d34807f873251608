from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """A renewal waits for nobody under its locks, and whoever is parted keeps an end that was renewed meanwhile."""

    dependencies = [("ledger", "0010_lasting")]

    operations = [
        migrations.RunSQL(sql_file("loyalty/ledger/sql/lasting_apart.sql"), migrations.RunSQL.noop),
    ]
