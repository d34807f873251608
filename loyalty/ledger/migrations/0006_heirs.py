from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """What a merged member earned and used is undone with the one who stays, even where there was nothing to move."""

    dependencies = [("ledger", "0005_partitions"), ("members", "0006_merging")]

    operations = [migrations.RunSQL(sql_file("loyalty/ledger/sql/heirs.sql"), migrations.RunSQL.noop)]
