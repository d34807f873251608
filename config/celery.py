"""The Celery app: what runs by the clock. Tasks live with their nouns and only call verbs."""

import os

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("habitue")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["config"])


@signals.setup_logging.connect
def keep_logging(**_asked: object) -> None:
    """Leave the settings' handlers in place: with nobody here, Celery puts its own there, which cut no secret."""


app.conf.beat_schedule = {
    # A purchase should be in the member's inbox and in the figures while the cup is still warm.
    "relay the outbox": {"task": "config.tasks.relay_outbox", "schedule": 1.0, "options": {"expires": 60}},
    # Nothing waits for it but the member who looks: a hold ends, a promise vests, units die within the minute.
    "settle what is due": {"task": "config.tasks.settle_due", "schedule": 60.0, "options": {"expires": 60}},
    # Whoever buys puts a version in force that is due; this is for the tiers of those who do not.
    "put versions in force": {
        "task": "config.tasks.put_versions_in_force",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    # Somebody looks at a progress bar that has not begun.
    "rehearse what waits": {
        "task": "config.tasks.rehearse_waiting",
        "schedule": 2.0,
        "options": {"expires": 60},
    },
    # The same of a design that was just saved.
    "prove what waits": {"task": "config.tasks.prove_waiting", "schedule": 2.0, "options": {"expires": 60}},
    # And of labels.
    "make labels that wait": {
        "task": "config.tasks.make_waiting_labels",
        "schedule": 2.0,
        "options": {"expires": 60},
    },
    # A file of codes that nobody prints any more is only something to steal.
    "forget labels": {"task": "config.tasks.forget_labels", "schedule": 60.0, "options": {"expires": 60}},
    # A birthday begins at midnight where the shop is, and nobody is at the counter then.
    "greet members": {"task": "config.tasks.greet_members", "schedule": 600.0, "options": {"expires": 600}},
    # A voucher runs out at midnight where the shop is; whoever scans it before the sweep is told so all the same.
    "expire vouchers": {
        "task": "config.tasks.expire_vouchers",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    # Nobody's scan of yesterday is told from another's: no code need be scanned again for that.
    "forget visits": {"task": "config.tasks.forget_visits", "schedule": 600.0, "options": {"expires": 600}},
    # A tier is lost at midnight where the shop is, and the list of members is open at eight. Each time 500 of each shop.
    "review tiers": {"task": "config.tasks.review_tiers", "schedule": 10.0, "options": {"expires": 60}},
}
