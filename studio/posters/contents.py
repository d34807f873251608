"""What a poster says: plain data, in one language."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Content:
    """Words and figures; what is empty is left out. Lines are broken, and made smaller, as the paper asks for.

    `call` and `below` stand over and under the code, on the ring. `circles`: purchases until the reward, 0 for a programme without
    stamps. `trade`: as merchants have it, "cafe", "bakery", "salon", "florist", "boutique", "other", or "restaurant".
    `no_app`: what nobody needs; `no_phone`: what who has no telephone does.
    """

    shop: str
    headline: str
    call: str
    below: str = ""
    promise: str = ""
    address: str = ""
    circles: int = 0
    trade: str = "other"
    no_app: str = ""
    no_phone: str = ""
    language: str = "en"

    @property
    def initial(self) -> str:
        """The shop's first letter or figure."""
        return next((letter.upper() for letter in self.shop if letter.isalnum()), "")
