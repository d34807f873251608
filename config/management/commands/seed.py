"""Makes the demonstration cast on first use, and keeps demo.json true. It changes nothing that is there already."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.seeding import cast, demo

BAR_WIDTH = 28


class Command(BaseCommand):
    """`HABITUE_SEED` says how much: full, small (for tests), or none, which is what production gets unless it asks."""

    help = __doc__
    requires_system_checks: list[str] = []  # every start of bin/run runs it, and bin/check has looked already

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SEED == "none":
            return
        merchant = cast.aroma()
        password = None
        if merchant is None and not cast.may_be_made():
            return
        if merchant is None:
            password = demo.choose_password()
            began = time.monotonic()
            try:
                merchant = cast.make_cast(
                    size=settings.SEED, now=timezone.now(), password=password, progress=self.show
                )
            except cast.SeedProblem as problem:
                raise CommandError(str(problem)) from None
            seconds = time.monotonic() - began
            self.stdout.write(
                f"The demonstration is made ({seconds:.0f} s); its books add up for both merchants."
            )
        demo.refresh(merchant, password=password)

    def show(self, what: str, done: int, of: int) -> None:
        """A bar at a terminal, one line a step elsewhere."""
        if self.stdout.isatty():
            filled = BAR_WIDTH * done // of
            bar = "█" * filled + "░" * (BAR_WIDTH - filled)
            self.stdout.write(f"\r  {what:<18} {bar} {done:>6,} of {of:,}", ending="\n" if done == of else "")
            self.stdout.flush()
        elif done == of:
            self.stdout.write(f"  {what}: {of:,}")
