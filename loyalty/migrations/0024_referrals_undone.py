from django.db import migrations, models


class Migration(migrations.Migration):
    """How often what a friend brought was taken back."""

    dependencies = [("loyalty", "0023_staff_budgets")]

    operations = [
        migrations.AddField("referral", "undone", models.PositiveSmallIntegerField(db_default=0, default=0))
    ]
