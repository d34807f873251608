"""Visitors of a day and those who came back. Days counted before stay at 0: the figure begins today."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("analytics", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="dailyfigure", name="visitors", field=models.PositiveIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="dailyfigure", name="returned", field=models.PositiveIntegerField(default=0)
        ),
    ]
