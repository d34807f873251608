"""How values lie in the cache: as JSON. Whoever can write to Redis must not be able to run code here, as pickles can.

Counters stay plain numbers, which Redis itself adds to. It keeps nothing and knows no key.
"""

import json


class JsonSerializer:
    """For Django's Redis cache."""

    def dumps(self, value: object) -> bytes:
        """What Redis gets."""
        return json.dumps(value, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> object:
        """What it was."""
        return json.loads(data)
