"""The scope, as bare as it can be and still raise: policies ask for it with each row."""

from django.db import migrations

from core import rls


class Migration(migrations.Migration):
    dependencies = [("merchants", "0003_current_merchant")]
    operations = [migrations.RunSQL(rls.BARE_CURRENT_MERCHANT)]
