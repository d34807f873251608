"""What a shop of the stage has printed: codes of a partner's, links that somebody scanned and joined by, a design. See `stage`."""

from typing import TYPE_CHECKING

from django.utils import timezone

from loyalty.codes.batches import NewBatch, make_batch
from loyalty.models import CodeUse, Happening
from merchants import queries
from studio.counting import count_scan
from studio.designing import make_default
from studio.links import NewLink, letters_of, make_link, poster_link
from studio.models import Arrival, LabelFile
from tests.studio.designs import GOOD, proven

if TYPE_CHECKING:
    from tests.isolation.stage import Shop


def make_codes(shop: "Shop") -> None:
    """Codes of a partner's, of which the member entered one, on sheets of labels; and a word. In the merchant's scope."""
    batch = make_batch(asked=NewBatch("On the cartons", 20, source="Oatly"), actor_id=None)
    make_batch(asked=NewBatch("On the table", 20, word="BREAKFAST"), actor_id=None)
    file = LabelFile.objects.create(batch=batch, part=1, grid="24", finished_at=timezone.now(),
                                    content=b"%PDF-", size_bytes=5)  # fmt: skip
    shop.ids |= {"batch_id": batch.id, "labels_id": file.id}
    batch.used = 1
    batch.save(update_fields=["used"])
    happened = Happening.objects.create(member=shop.member, trigger="code", name="on the cartons",
                                        programme_version=1, occurred_at=timezone.now())  # fmt: skip
    CodeUse.objects.create(id=happened.id, batch=batch, serial=1, member=shop.member)


def make_links(shop: "Shop") -> None:
    """A poster's link, and one of a partner's by which the member joined. In the merchant's scope."""
    said = NewLink("reward", "Counter", partner="Oatly", campaign="Spring", reward_id=shop.ids["reward_id"])
    link = make_link(asked=said, actor_id=None)
    poster_link(queries.locations()[0])
    count_scan(link, shop.merchant, "a word", timezone.now())
    Arrival.objects.create(link=link, member=shop.member, day=timezone.localdate())
    shop.ids["link_id"] = link.id
    shop.texts |= {"shop": letters_of(shop.merchant.number), "letters": link.letters}


def make_designs(shop: "Shop") -> None:
    """A saved design that the shop's codes have. In the merchant's scope."""
    version = proven(shop.merchant, GOOD, "Counter and window")
    make_default(merchant=shop.merchant, version_id=version.id, actor_id=None)
    shop.ids |= {"design_id": version.design_id, "version_id": version.id}
