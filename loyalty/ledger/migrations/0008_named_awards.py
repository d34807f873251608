from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """Take-backs of before name the award that they took back. Data only."""

    dependencies = [("ledger", "0007_planned_once")]

    operations = [migrations.RunSQL(sql_file("loyalty/ledger/sql/named_awards.sql"), migrations.RunSQL.noop)]
