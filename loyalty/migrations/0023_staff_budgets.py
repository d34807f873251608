from django.db import migrations, models


class Migration(migrations.Migration):
    """Room for a budget's name: a rule, and who gives by it."""

    dependencies = [("loyalty", "0022_rehearsed_members")]

    operations = [migrations.AlterField("budget", "rule", models.CharField(max_length=100))]
