"""What people who sign in say of themselves. Passwords and addresses are allauth's affair."""

from core.text import read_text
from merchants.models import User


def name_user(*, user: User, name: str) -> None:
    """Call the user by this name from now on; an empty name changes nothing. Raises TextForbidden, TextTooLong."""
    name = read_text(name, limit=80, field="your_name")
    if name and name != user.name:
        user.name = name
        user.save(update_fields=["name"])
