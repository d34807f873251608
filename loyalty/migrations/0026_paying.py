from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """A purchase of which a part is paid with units."""

    dependencies = [("loyalty", "0025_seasons"), ("ledger", "0010_lasting"), ("members", "0008_proving")]

    operations = [
        migrations.RunSQL(sql_file("loyalty/sql/paying.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(
            "GRANT EXECUTE ON FUNCTION loyalty_ready_to_pay, loyalty_record_paid_purchase TO habitue_app",
            migrations.RunSQL.noop,
        ),
    ]
