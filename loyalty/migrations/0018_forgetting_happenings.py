from django.db import migrations

# Erasing a member blanks what may name or date a person; nothing else of what happened ever changes.
GRANT = "GRANT UPDATE (name, occurred_at) ON loyalty_happening TO habitue_app"


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0017_letting_go")]

    operations = [migrations.RunSQL(GRANT, migrations.RunSQL.noop)]
