from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """A member's lock in one trip."""

    dependencies = [("loyalty", "0026_paying"), ("ledger", "0013_for_a_purchase")]

    operations = [
        migrations.RunSQL(sql_file("loyalty/sql/locking.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(
            "GRANT EXECUTE ON FUNCTION loyalty_lock_member, loyalty_survivor, loyalty_ids_of, loyalty_accounts_at "
            "TO habitue_app",
            migrations.RunSQL.noop,
        ),
    ]
