from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """A refund may let go what is used already."""

    dependencies = [("loyalty", "0016_carrying")]

    operations = [migrations.RunSQL(sql_file("loyalty/sql/letting_go.sql"), migrations.RunSQL.noop)]
