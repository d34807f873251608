"""Designs as shops save them: one that is read anywhere, one that no glare forgives, one that is never printed."""

from dataclasses import replace
from typing import Any

from core import tenancy
from merchants.models import Merchant
from studio import designing, proving
from studio.drawing.designs import Design, Logo
from studio.models import DesignVersion

GOOD = Design(ink="#1f4d3a", modules="rounded", eyes="rounded", logo=Logo(share=18), error="Q")
FAILS = replace(GOOD, logo=Logo(share=28), error="M")
FAINT = Design(ink="#d8d8d8")


def save(merchant: Merchant, design: Design = GOOD, name: str = "Window", **more: Any) -> DesignVersion:
    """Save it, as yet unproven."""
    with tenancy.scope(merchant.id):
        return designing.save_design(merchant=merchant, name=name, design=design, actor_id=None, **more)


def proven(merchant: Merchant, design: Design = GOOD, name: str = "Window", **more: Any) -> DesignVersion:
    """Save it, and prove it here and now."""
    version = save(merchant, design, name, **more)
    proving.prove(merchant=merchant, version_id=version.id)
    return again(merchant, version)


def again(merchant: Merchant, version: DesignVersion) -> DesignVersion:
    """As it is kept now."""
    with tenancy.scope(merchant.id):
        return DesignVersion.objects.get(id=version.id)


def put_default(merchant: Merchant, version: DesignVersion) -> DesignVersion | None:
    """Make it the default; gives the one before."""
    with tenancy.scope(merchant.id):
        return designing.make_default(merchant=merchant, version_id=version.id, actor_id=None)
