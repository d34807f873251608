"""Another shop's saved designs at every door that takes one: see `cases`."""

from collections.abc import Iterator

from tests.isolation.hand import Hand, Sent, case


@case("SaveForm: design", "SaveForm: key", "dashboard/studio/designer: design", writes=True)
def a_design_of_theirs(hand: Hand) -> Iterator[Sent]:
    """It is saved over by nobody here and shown to nobody; and a key of theirs makes a design of our own."""
    studio, theirs = f"/dashboard/{hand.slug}/studio", str(hand.other.ids["design_id"])
    yield hand.post(f"{studio}/designer/save/", name="x", design=theirs), {404}
    yield hand.post(f"{studio}/designer/turn/", design=theirs), {404}
    yield hand.post(f"{studio}/designer/save/", name="x", key=theirs), {302}
