from django.db import migrations, models


class Migration(migrations.Migration):
    """Words by which a shop marks its members."""

    dependencies = [("members", "0006_merging")]

    operations = [
        migrations.AddField("member", "tags", models.JSONField(blank=True, db_default={}, default=dict, editable=False)),
    ]
