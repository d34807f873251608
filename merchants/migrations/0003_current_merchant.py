"""The scope, in fewer calls."""

from django.db import migrations

from core import rls


class Migration(migrations.Migration):
    dependencies = [("merchants", "0002_look")]
    operations = [migrations.RunSQL(rls.RENEW_CURRENT_MERCHANT, migrations.RunSQL.noop)]
