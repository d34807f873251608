from django.db import migrations, models


class Migration(migrations.Migration):
    """How often a member may buy."""

    dependencies = [("loyalty", "0007_refunding")]

    operations = [
        migrations.AddField(
            "programme", "cool_down_minutes", models.PositiveIntegerField(default=0, db_default=0)
        ),
        migrations.AddField(
            "programme", "purchases_a_day", models.PositiveIntegerField(default=0, db_default=0)
        ),
        # A programme of before had no limit, and gets none behind its owner's back; those to come begin with one.
        migrations.AddField("programme", "static_a_day", models.PositiveIntegerField(default=0, db_default=0)),
        migrations.AlterField(
            "programme", "static_a_day", models.PositiveIntegerField(default=20, db_default=20)
        ),
    ]
