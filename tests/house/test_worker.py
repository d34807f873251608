"""The `worker` fixture: a purchase's events really pass through Valkey and Celery, and are gone when delivered."""

from core import outbox
from tests.world import buy


def test_events_reach_their_subscribers_through_the_worker(world, worker, mail_folder):
    worker.deliver()
    buy(world.aroma, world.mia, 1250)
    assert outbox.waiting() > 0
    worker.deliver()
    assert outbox.waiting() == 0
    assert any("mia@example.org" in file.read_text() for file in mail_folder.iterdir())
