"""Proves the books of every merchant, or of those named: exits 1 and says which law broke where."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core import tenancy
from loyalty.ledger import statements
from merchants.models import Merchant


class Command(BaseCommand):
    """`manage.py prove [slug …]`."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Slugs of merchants; none means all."""
        parser.add_argument("merchants", nargs="*")

    def handle(self, *args: Any, **options: Any) -> None:
        found = Merchant.objects.order_by("slug")
        if options["merchants"]:
            found = found.filter(slug__in=options["merchants"])
        broken = False
        for merchant in found:
            with tenancy.scope(merchant.id):
                problems = statements.prove()
            self.stdout.write(f"{merchant.slug}: {'the books balance' if not problems else 'BROKEN'}")
            for problem in problems:
                self.stdout.write(f"  {problem.law}: {problem.example}")
            broken |= bool(problems)
        if broken:
            sys.exit(1)
