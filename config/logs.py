"""Cuts out of log lines what lets one in: links of members, of their letters and of sign-in, codes of cards and of vouchers, and what people look up.

Whoever reads the logs must not be able to open a card with them.
"""

import logging
import re

SECRETS = re.compile(
    r"(?P<before>/c/[^/\s]+/(?:link|stop)/|/q/|/vouchers/|/dashboard/invitations/|/accounts/confirm-email/|/accounts/password/reset/key/)[^/\s'\"?]+"
)
QUERY = re.compile(r"(?P<path>/[^\s?'\"]*)\?[^\s'\"]+")


class CutSecrets(logging.Filter):
    """Changes the line and lets it pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Called for each line that a handler is about to write."""
        line = record.getMessage()
        if "/" in line:
            record.msg, record.args = cut(line), ()
        return True


def cut(line: str) -> str:
    """The line with … in the place of its secrets."""
    return QUERY.sub(r"\g<path>?…", SECRETS.sub(r"\g<before>…", line))
