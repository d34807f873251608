from django.db import migrations, models


class Migration(migrations.Migration):
    """What shows at the counter that somebody is the member, before units are spent."""

    dependencies = [("members", "0007_tags")]

    operations = [
        migrations.AddField("card", "pin", models.CharField(blank=True, db_default="", default="", editable=False, max_length=128)),
        migrations.AddField("card", "spent_step", models.BigIntegerField(db_default=0, default=0, editable=False)),
        migrations.AddField("card", "spent_by", models.UUIDField(editable=False, null=True)),
    ]
