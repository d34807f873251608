from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """Who was the first to join, and the second: of the members who are there already."""

    dependencies = [("loyalty", "0011_memory"), ("members", "0006_merging")]

    operations = [migrations.RunSQL(sql_file("loyalty/sql/ordinals.sql"), migrations.RunSQL.noop)]
