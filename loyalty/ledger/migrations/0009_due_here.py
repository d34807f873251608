from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """What is due in one account has an index."""

    dependencies = [("ledger", "0008_named_awards")]

    operations = [migrations.RunSQL(sql_file("loyalty/ledger/sql/due_here.sql"), migrations.RunSQL.noop)]
