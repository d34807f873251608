from django.db import migrations, models

from core.sql import sql_file


class Migration(migrations.Migration):
    """The day on which a tier's season may begin next."""

    dependencies = [("loyalty", "0024_referrals_undone")]

    operations = [
        migrations.AddField("programme", "season_on", models.DateField(null=True)),
        migrations.RunSQL(sql_file("loyalty/sql/seasons.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(
            "GRANT SELECT (season_on) ON loyalty_programme TO habitue_jobs", migrations.RunSQL.noop
        ),
    ]
