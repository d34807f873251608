from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """An erased member's row stays, for the books refer to it, and must then say nothing at all."""

    dependencies = [
        ("members", "0003_by_name"),
        ("core", "0004_erasing_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name="member",
            name="erased_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RemoveConstraint(model_name="member", name="members_reachable"),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=Q(("erased_at", None))
                & Q(("email", ""), ("phone", ""), _negated=True)
                | Q(
                    ("birthday", None),
                    ("email", ""),
                    ("email_verified_at", None),
                    ("erased_at__isnull", False),
                    ("name", ""),
                    ("phone", ""),
                    ("search", ""),
                ),
                name="members_reachable_or_erased",
            ),
        ),
    ]
