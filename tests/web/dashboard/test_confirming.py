"""The story lists what waits for a word, with the button that says it."""

import re

from tests.loyalty.happenings.test_taking_back import gives, tell
from tests.loyalty.programme.test_lasting import living
from tests.loyalty.purchases.test_cancelling import bought
from tests.loyalty.ruled import with_rules
from tests.web.dashboard.test_member_story import story
from tests.web.dashboard.test_undoing import after, words
from tests.web.desk import desk_of, text_of
from tests.world import points_of, signed_in


def confirmations(client, member):
    return re.findall(r'action="([^"]+/confirmations/[^"]+)"', text_of(client.get(story(member))))


def test_what_waits_is_confirmed_from_its_line_and_once(world):
    living(world, vesting="on_confirmation")
    bought(world, world.noah, 2_000)
    client = desk_of(world)
    assert "Waits to be confirmed." in words(client.get(story(world.noah)))
    [path] = confirmations(client, world.noah)
    said = words(after(client, path))
    assert "Confirmed: 20 points." in said
    assert "Confirmed, ready to use" in said
    after(client, path)
    assert points_of(world.aroma, world.noah) == 70
    assert confirmations(client, world.noah) == []


def test_a_gift_is_confirmed_the_same_way(world):
    living(world, vesting="on_confirmation")
    with_rules(world.aroma, gives(world, "gift", 20))
    tell(world)
    client = desk_of(world)
    [path] = confirmations(client, world.noah)
    assert "Confirmed: 20 points." in words(after(client, path))


def test_what_waits_for_nobody_has_no_button_and_a_cashier_may_not(world):
    client = desk_of(world)
    assert confirmations(client, world.mia) == []
    living(world, vesting="on_confirmation")
    bought(world, world.noah, 2_000)
    [path] = confirmations(client, world.noah)
    assert signed_in(world.sam).post(path).status_code == 403
    assert client.post(path.replace(path.split("/")[-2], str(world.zoe.id))).status_code == 404
    assert points_of(world.aroma, world.noah) == 50
