"""What takes a visit out may be delivered before what put it in: for that moment the counts are below zero."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("analytics", "0002_coming_back"),
    ]

    operations = [
        migrations.AlterField(
            model_name="dailyfigure", name=name, field=models.IntegerField(default=0)
        )
        for name in ("purchases", "visitors", "returned")
    ]
