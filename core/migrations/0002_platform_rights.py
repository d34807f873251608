from django.db import migrations

from core import rls

TABLES = (
    "django_session",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
    "account_emailaddress",
    "account_emailconfirmation",
)


class Migration(migrations.Migration):
    """The app's rights on the tables of Django and allauth, which hold nothing of a merchant's."""

    dependencies = [
        ("core", "0001_initial"),
        ("sessions", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        *(rls.platform_table(table) for table in TABLES),
        rls.platform_table("django_migrations", rls.READ),
        migrations.RunSQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO habitue_app", migrations.RunSQL.noop),
    ]
