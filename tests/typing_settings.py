"""The settings as mypy's Django plugin reads them: in test mode, so that it needs no variable and no secret."""

import os

os.environ.setdefault("HABITUE_ENV", "test")
from config.settings import *  # noqa: F403
