"""DATA_DIR/demo.json: what a script or a person needs to try the demonstration at once. Only its owner may read it."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings

from config.seeding.cast import CASHIER, OWNER
from core import tenancy
from core.ids import public_id
from members import cards
from members.models import Card, Member
from merchants import api_keys, queries
from merchants.access import Scope
from merchants.models import ApiKey, Merchant, User

PASSWORD = "one-more-coffee"  # noqa: S105 - of a demonstration on a developer's own machine
STARS = ("Mia", "Noah")
OTHERS = 20


def choose_password() -> str:
    """One that is easy to type while developing; a random one where strangers may knock."""
    return PASSWORD if settings.DEVELOPMENT else secrets.token_urlsafe(12)


def path() -> Path:
    """Where it stands."""
    return Path(settings.DATA_DIR) / "demo.json"


def refresh(merchant: Merchant, *, password: str | None = None) -> None:
    """Write the file as things are now. `password` is the one just given to the staff.

    Without it what the file says holds; a file that is lost, or belongs to another database, gets a new key and resets
    the two logins it names.
    """
    with tenancy.scope(merchant.id):
        known = read()
        if password is None and not _holds(known, merchant):
            password = choose_password()
            for user in User.objects.filter(email__in=(OWNER, CASHIER)):
                user.set_password(password)
                user.save(update_fields=["password"])
        if password is not None:
            _key, text = api_keys.make_key(name="Demonstration", scopes=list(Scope), actor=None)
            known = {
                "owner": {"email": OWNER, "password": password},
                "cashier": {"email": CASHIER, "password": password},
                "api_key": text,
            }
        content = _content(merchant, known)
    if content != read():
        _write(content)


def read() -> dict[str, Any]:
    """What the file says, or nothing."""
    try:
        content = json.loads(path().read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _holds(known: dict[str, Any], merchant: Merchant) -> bool:
    """Whether the file's key opens this merchant's door in this database."""
    key = api_keys.read_key(str(known.get("api_key", "")))
    return (
        {"owner", "cashier"} <= set(known)
        and key is not None
        and key.merchant_id == merchant.id
        and ApiKey.objects.filter(secret_hash=key.secret_hash, revoked_at=None).exists()
    )


def _content(merchant: Merchant, known: dict[str, Any]) -> dict[str, Any]:
    stars = list(Member.objects.filter(name__in=STARS).order_by("joined_at"))
    others = list(Member.objects.exclude(name__in=(*STARS, "")).order_by("joined_at", "id")[:OTHERS])
    shown = stars + others
    card_of = {card.member_id: card for card in Card.objects.filter(member__in=[each.id for each in shown])}
    return {
        "base_url": settings.BASE_URL,
        "owner": known["owner"],
        "cashier": known["cashier"],
        "api_key": known["api_key"],
        "merchant": merchant.slug,
        "location": public_id("loc", queries.locations()[0].id),
        "currency": merchant.currency,
        "members": [
            {
                "id": public_id("mem", member.id),
                "name": member.name,
                "card": cards.static_code(card_of[member.id], merchant),
            }
            for member in shown
        ],
    }


def _write(content: dict[str, Any]) -> None:
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file, ensure_ascii=False, indent=2)
        file.write("\n")
    draft.replace(target)
