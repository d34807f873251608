from django.db import migrations, models


class Migration(migrations.Migration):
    """A version to come waits with rewards of its own."""

    dependencies = [
        ("rewards", "0002_plans"),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="planned",
            field=models.JSONField(default=list),
        ),
    ]
