from django.db import migrations, models
from django.db.models import Q

from core.sql import sql_file


class Migration(migrations.Migration):
    """Tiers by other ladders than all spend: what counts, and when a tier is looked at again."""

    dependencies = [("loyalty", "0020_by_hand"), ("members", "0007_tags")]

    operations = [
        migrations.AddField(
            "programme",
            "ladder_climbing",
            models.CharField(max_length=10, default="spend", db_default="spend"),
        ),
        migrations.AddField(
            "programme",
            "ladder_window",
            models.CharField(max_length=20, default="lifetime", db_default="lifetime"),
        ),
        migrations.AddField("standing", "tier_since", models.DateField(null=True)),
        migrations.AddField("standing", "review_on", models.DateField(null=True)),
        migrations.AddField("standing", "warned_for", models.DateField(null=True)),
        migrations.AddIndex(
            "standing",
            models.Index(
                fields=["merchant", "review_on"],
                name="loyalty_standing_review",
                condition=Q(review_on__isnull=False),
            ),
        ),
        migrations.RunSQL(sql_file("loyalty/sql/climbing.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(sql_file("loyalty/sql/recording_tiers.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(
            [
                "GRANT EXECUTE ON FUNCTION loyalty_first_day, loyalty_steps, loyalty_progress TO habitue_app",
                "GRANT EXECUTE ON FUNCTION loyalty_read_scan, loyalty_write_purchase, loyalty_record_purchase "
                "TO habitue_app",
                # Whose tier is to be looked at, and nothing of where they stand.
                "CREATE POLICY jobs_due ON loyalty_standing FOR SELECT TO habitue_jobs USING (true)",
                "GRANT SELECT (merchant_id, review_on) ON loyalty_standing TO habitue_jobs",
            ],
            migrations.RunSQL.noop,
        ),
    ]
