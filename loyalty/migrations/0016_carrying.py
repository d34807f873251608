from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """A purchase carries further when units die."""

    dependencies = [("loyalty", "0015_referrals"), ("ledger", "0010_lasting")]

    operations = [
        migrations.RunSQL(sql_file("loyalty/sql/carrying.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(
            "GRANT EXECUTE ON FUNCTION loyalty_carry, loyalty_record_purchase TO habitue_app",
            migrations.RunSQL.noop,
        ),
    ]
