from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """A scan finds no member where it was erased; its row is still there for the books."""

    dependencies = [("loyalty", "0004_cancelling"), ("members", "0004_erasing")]

    operations = [migrations.RunSQL(sql_file("loyalty/sql/read_scan.sql"), migrations.RunSQL.noop)]
