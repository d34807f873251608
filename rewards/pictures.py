"""What a reward looks like: a picture, read with the distrust that a logo is read with, and drawn anew."""

from uuid import UUID

from core import events, tenancy
from core.errors import DomainError
from merchants.logos import SMALL, Crop, draw_anew, picture_name, read_drawn
from merchants.models import Merchant, StaffMember
from rewards.catalogue import find_reward
from rewards.models import Picture, Reward


def set_picture(
    *, merchant: Merchant, reward_id: UUID, content: bytes, crop: Crop, actor: StaffMember | None
) -> Picture:
    """Take the place of the picture before. Raises RewardUnknown, and what `logos.set_logo` raises, about `picture`.

    It opens the scope itself, once all is drawn: no transaction waits for a picture.
    """
    try:
        drawn = draw_anew(content, crop)
    except DomainError as refusal:
        refusal.field = "picture"
        raise
    with tenancy.scope(merchant.id):
        reward = find_reward(reward_id)
        picture, _new = Picture.objects.update_or_create(reward=reward, defaults=drawn)
        _name(reward, picture.digest, actor)
    return picture


def remove_picture(*, reward_id: UUID, actor: StaffMember | None) -> None:
    """It is shown without one again. Removing twice changes nothing. Raises RewardUnknown."""
    reward = find_reward(reward_id)
    gone, _models = Picture.objects.filter(reward=reward).delete()
    if gone:
        _name(reward, "", actor)


def picture_path(merchant: Merchant, reward: Reward, size: int = SMALL) -> str:
    """The address of a reward's picture below our own, in one of the three sizes of logos; empty without one. No query."""
    return f"/c/{merchant.slug}/reward/{picture_name(reward.picture, size)}" if reward.picture else ""


def read_picture(name: str) -> tuple[bytes, str] | None:
    """Content and type of a picture of the current merchant's by the last part of its address; None for an old one."""
    return read_drawn(Picture.objects.all(), name)


def _name(reward: Reward, digest: str, actor: StaffMember | None) -> None:
    Reward.objects.filter(id=reward.id).update(picture=digest)
    told = {"reward": str(reward.id), "actor": str(actor.id) if actor else None, "changed": ["picture"]}
    events.record("reward.changed", told)
