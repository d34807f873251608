from django.db import migrations

from core import rls

# Written by migrations, which run as the owner.
ONLY_READ = (
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
)
# Who reads a row of these may be somebody else: not even for the audit.
SECRET = ("django_session", "account_emailconfirmation")


class Migration(migrations.Migration):
    """The app's rights on the tables of Django and allauth, which hold nothing of a merchant's."""

    dependencies = [
        ("core", "0001_initial"),
        ("sessions", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        *(rls.platform_table(table, rls.READ) for table in ONLY_READ),
        *(rls.platform_table(table, audit="") for table in SECRET),
        rls.platform_table("account_emailaddress"),
        migrations.RunSQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO habitue_app", migrations.RunSQL.noop),
    ]
