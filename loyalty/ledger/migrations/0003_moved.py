from django.db import migrations


class Migration(migrations.Migration):
    """A bucket for units that went to another account. On its own: PostgreSQL uses a new value once it is committed."""

    dependencies = [("ledger", "0002_taking_back")]

    operations = [
        migrations.RunSQL("ALTER TYPE ledger_bucket ADD VALUE 'moved'", migrations.RunSQL.noop),
    ]
