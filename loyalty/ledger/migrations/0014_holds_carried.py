from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """A merge carries along what is set aside."""

    dependencies = [("ledger", "0013_for_a_purchase")]

    operations = [
        migrations.RunSQL(sql_file(f"loyalty/ledger/sql/{part}.sql"), migrations.RunSQL.noop)
        for part in ("holds_carried", "holds_merged")
    ]
