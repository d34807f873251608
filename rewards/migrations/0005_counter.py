import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import core.tenancy
from core import rls
from core.sql import sql_file

REASONS = [
    ("mistake", "By mistake"),
    ("unwanted", "No longer wanted"),
    ("not_good", "Not as it should be"),
    ("not_there", "Not there after all"),
    ("refunded", "With the purchase on which it was used"),
    ("other", "Something else"),
]


class Migration(migrations.Migration):
    """A reward is handed over in one trip, perhaps on a purchase; and what comes back has a reason."""

    dependencies = [("rewards", "0004_offers"), ("loyalty", "0027_locking")]

    operations = [
        migrations.AddField(
            "redemption",
            "purchase",
            core.tenancy.TenantKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="loyalty.purchase",
            ),
        ),
        migrations.AddField(
            "redemption",
            "void_reason",
            models.CharField(blank=True, choices=REASONS, default="", max_length=10),
        ),
        migrations.AddIndex(
            "redemption",
            models.Index(
                condition=Q(("purchase__isnull", False)),
                fields=["merchant", "purchase"],
                name="rewards_redemption_bought",
            ),
        ),
        rls.tenant_reference("rewards_redemption", "purchase_id", "loyalty_purchase"),
        migrations.RunSQL(sql_file("rewards/sql/capturing.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(
            "GRANT EXECUTE ON FUNCTION rewards_capture, rewards_read_capture, rewards_why_not TO habitue_app",
            migrations.RunSQL.noop
        ),
    ]
