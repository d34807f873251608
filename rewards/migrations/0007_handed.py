from django.db import migrations, models


class Migration(migrations.Migration):
    """What one of the staff handed over last is found without a walk through all that was ever taken."""

    dependencies = [("rewards", "0006_vouchers")]

    operations = [
        migrations.AddIndex(
            "redemption",
            models.Index(
                condition=models.Q(("captured_at__isnull", False)),
                fields=["merchant", "captured_by", "location_id", "-captured_at"],
                name="rewards_redemption_handed",
            ),
        ),
    ]
