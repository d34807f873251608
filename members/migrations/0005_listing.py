"""Indexes that leave out who was erased, or hold nobody else: so a list, a count and a search of the others read an index
alone, and what knows a member by its id finds the few to leave out at once."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("members", "0004_erasing"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="member", name="members_by_name"),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                fields=["merchant", "search", "id"],
                condition=models.Q(("erased_at", None)),
                name="members_by_name",
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                fields=["merchant", "id"],
                condition=models.Q(("erased_at__isnull", False)),
                name="members_erased",
            ),
        ),
    ]
