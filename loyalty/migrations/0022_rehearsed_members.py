from django.db import migrations, models


class Migration(migrations.Migration):
    """Everybody whom a rehearsed draft would have given more, or less, or another tier."""

    dependencies = [("loyalty", "0021_climbing")]

    operations = [migrations.AddField("rehearsal", "changes", models.JSONField(null=True))]
