import django.db.models.deletion
from django.db import migrations, models

import core.tenancy


class Migration(migrations.Migration):
    """Where and through which door something happened, and that it was taken back."""

    dependencies = [("loyalty", "0019_codes"), ("merchants", "0002_look")]

    operations = [
        migrations.AddField("happening", "channel", models.CharField(blank=True, db_default="", max_length=10)),
        migrations.AddField("happening", "is_static", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("happening", "cancelled_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "happening",
            "location",
            core.tenancy.TenantKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="merchants.location",
            ),
        ),
        migrations.RunSQL(
            "GRANT UPDATE (cancelled_at) ON loyalty_happening TO habitue_app", migrations.RunSQL.noop
        ),
    ]
