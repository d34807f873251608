from django.db import migrations

# Erasing a member blanks what was answered about it; nothing else of an answer ever changes.
GRANT = "GRANT UPDATE (body, fingerprint) ON core_answer TO habitue_app"


class Migration(migrations.Migration):
    dependencies = [("core", "0003_audit")]

    operations = [migrations.RunSQL(GRANT, migrations.RunSQL.noop)]
