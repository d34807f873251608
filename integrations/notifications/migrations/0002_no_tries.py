from django.db import migrations


class Migration(migrations.Migration):
    """How often a letter was tried, and what went wrong, the outbox counts on the event that sends it."""

    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.RemoveField(model_name="message", name="attempts"),
        migrations.RemoveField(model_name="message", name="last_error"),
    ]
