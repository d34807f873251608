"""Who moved units by hand is kept for ever, for the shop that asks afterwards; what moved by itself is not."""

from django.utils import timezone

from core import tenancy
from core.ids import new_id
from core.models import AuditRow
from loyalty.happenings.occasions import give_once
from loyalty.units.confirming import confirm_happening, confirm_purchase
from tests.analytics.test_rollups import deliver_all
from tests.loyalty.happenings.test_taking_back import OLIVIA, gives, tell
from tests.loyalty.programme.test_lasting import living
from tests.loyalty.purchases.test_cancelling import bought
from tests.loyalty.ruled import with_rules


def kept(world, name):
    """What the audit says under this name."""
    deliver_all(world.aroma)
    with tenancy.scope(world.aroma.id):
        return list(AuditRow.objects.filter(name=name).values_list("payload", flat=True))


def test_a_gift_by_hand_is_kept_with_who_gave_it(world):
    """The pain: the story of one member names who was generous; nobody reads all stories."""
    with_rules(world.aroma, gives(world, "gift", 20))
    gift = tell(world)
    [row] = kept(world, "happening.recorded")
    assert (row["actor"], row["happening"], row["member"]) == (str(OLIVIA), str(gift), str(world.noah.id))
    assert "Noah" not in str(row)


def test_what_happens_by_itself_is_nobodys_act(world):
    with_rules(world.aroma, gives(world, "birthday", 20))
    with tenancy.scope(world.aroma.id):
        assert give_once(member_id=world.noah.id, trigger="birthday", occurred_at=timezone.now())
    assert kept(world, "happening.recorded") == []


def test_who_confirmed_what_waited_is_kept_too(world):
    living(world, vesting="on_confirmation")
    causes = {confirm_purchase: ("purchase_id", bought(world, world.noah, 2_000))}
    with_rules(world.aroma, gives(world, "gift", 20))
    causes[confirm_happening] = ("happening_id", tell(world))
    for confirm, (name, cause) in causes.items():
        with tenancy.scope(world.aroma.id):
            confirm(merchant=world.aroma, **{name: cause}, key=new_id(), actor_id=OLIVIA)
    told = [(row["actor"], row["cause"]) for row in kept(world, "units.confirmed")]
    assert told == [(str(OLIVIA), str(cause)) for _name, cause in causes.values()]
