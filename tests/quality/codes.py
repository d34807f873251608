"""Codes for the pages that show some: of a partner's, entered now and then, and a word that nothing is given for yet."""

from uuid import UUID

from django.utils import timezone

from core.ids import new_id
from loyalty.codes.batches import NewBatch, make_batch
from loyalty.codes.texts import Place, code_at
from loyalty.codes.using import enter_code
from loyalty.models import CodeBatch
from loyalty.programme.publishing import change_programme
from loyalty.programme.versions import version_in_force
from loyalty.rules.editing import with_rule
from loyalty.rules.types import Condition, Rule
from members.cards import Scanned
from studio.models import LabelFile
from tests.world import World

LEAFLET = NewBatch(name="Leaflet in the market hall", word="MARCHE26", size=200, per_member=1)


def some_codes(world: World) -> tuple[UUID, UUID]:
    """Both batches; in the shop's scope. A house that is kept has them already."""
    known = list(CodeBatch.objects.order_by("number").values_list("id", flat=True))
    if known:  # the seed has codes, and no word
        word = CodeBatch.objects.filter(name=LEAFLET.name).first() or make_batch(asked=LEAFLET, actor_id=None)
        return known[0], word.id
    unit = version_in_force().units[0].id
    asked = (Condition("batch", {"any": ["Oat milk, spring"]}),)
    rule = Rule(str(new_id()), "code", unit, amount=20, gives="flat", conditions=asked)
    change_programme(merchant=world.aroma, change=lambda version: with_rule(version, rule), actor=None)
    cartons = NewBatch(name="Oat milk, spring", source="Oatly", size=1_000, per_member=5)
    made = make_batch(asked=cartons, actor_id=None)
    for serial, member in enumerate((world.mia, world.noah, world.mia), start=1):
        enter_code(
            merchant=world.aroma,
            who=Scanned(member_id=member.id),
            typed=code_at(world.aroma.id, Place(made.number, serial)),
            key=new_id(),
            asked=[serial],
        )
    now = timezone.now()
    LabelFile.objects.create(batch=made, part=1, grid="24", finished_at=now, content=b"%PDF-", size_bytes=5)
    LabelFile.objects.create(batch=made, part=1, grid="65", finished_at=now)  # that one failed
    return made.id, make_batch(asked=LEAFLET, actor_id=None).id
