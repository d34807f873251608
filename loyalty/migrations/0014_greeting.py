from django.db import migrations, models


class Migration(migrations.Migration):
    """Up to which day members were greeted; and whoever finds what is due may ask what day it is where a shop is."""

    dependencies = [("loyalty", "0013_rehearsals"), ("merchants", "0002_look")]

    operations = [
        migrations.AddField("programme", "greeted_on", models.DateField(null=True)),
        migrations.RunSQL(
            [
                "GRANT SELECT (greeted_on) ON loyalty_programme TO habitue_jobs",
                "GRANT SELECT (id, time_zone) ON merchants_merchant TO habitue_jobs",
            ],
            migrations.RunSQL.noop,
        ),
    ]
