from django.db import migrations, models

from core.sql import sql_file

REASONS = [
    ("mistake", "By mistake"),
    ("unwanted", "No longer wanted"),
    ("not_good", "Not as it should be"),
    ("not_there", "Not there after all"),
    ("refunded", "With the purchase on which it was used"),
    ("tier_lost", "What had brought its tier was taken back"),
    ("other", "Something else"),
]


class Migration(migrations.Migration):
    """A voucher that came with a tier is taken back with what had brought the tier, and may come again."""

    dependencies = [("rewards", "0007_handed")]

    operations = [
        migrations.AlterField(
            "redemption",
            "void_reason",
            models.CharField(blank=True, choices=REASONS, default="", max_length=10),
        ),
        migrations.RunSQL(sql_file("rewards/sql/taking_back.sql"), migrations.RunSQL.noop),
        migrations.RunSQL("GRANT DELETE ON rewards_crossing TO habitue_app", migrations.RunSQL.noop),
    ]
