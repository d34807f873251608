from django.db import migrations

from core.sql import sql_file

PARTITIONS = 8  # docs/adr/0016: four or sixteen cost a purchase the same
GROWING = ("lot", "entry", "movement")  # with time; accounts grow with members only, and open holds are few


class Migration(migrations.Migration):
    """What grows with time lies in partitions by merchant. Every row is copied: a big database takes a while."""

    dependencies = [("ledger", "0004_all_operations")]

    operations = [
        migrations.RunSQL(
            [
                sql_file("loyalty/ledger/sql/partitions.sql"),
                *(f"SELECT pg_temp.cut_by_merchant('ledger_{table}', {PARTITIONS})" for table in GROWING),
            ],
            migrations.RunSQL.noop,
        )
    ]
