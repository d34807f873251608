from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """Each door of the books keeps one plan a statement, however much lies in the partitions."""

    dependencies = [("ledger", "0006_heirs")]

    operations = [migrations.RunSQL(sql_file("loyalty/ledger/sql/planned_once.sql"), migrations.RunSQL.noop)]
