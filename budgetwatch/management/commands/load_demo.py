"""Loads the demonstration: councils whose papers are public, an invented council, and a sign-in for each role."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.operations import command_line_user
from budgetwatch.demonstration import committees, invented, papers, questions, reports
from budgetwatch.demonstration.sign_ins import PASSWORD, SIGN_INS, ensure_people
from services.models import Council

PAPERS = ("hackney", "lbbd", "borough-002", "rbkc")


class Command(BaseCommand):
    """Safe to repeat: what is there already is left as it is."""

    help = "Load the demonstration councils and print the sign-ins. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load what is missing, then print who may sign in."""
        if settings.PRODUCTION:
            raise CommandError("The demonstration's passwords are public: it is not loaded in production.")
        by = command_line_user()
        people = ensure_people(by=by)
        fixtures = settings.BASE_DIR / "fixtures"
        for slug in PAPERS:
            self._say(papers.load(fixtures / f"{slug}.toml", by=by, people=people), slug)
        self._say(invented.load(fixtures / "demo.toml", by=by, people=people), "demo")
        for council in Council.objects.filter(slug__in=(*PAPERS, "demo")).order_by("pk"):
            folder, clerk = fixtures / "committees", people["clerk"]
            # Reports first: once a meeting is held its agenda takes none.
            reports.load(folder / f"{council.slug}_papers.toml", council=council, clerk=clerk)
            committees.load(folder / f"{council.slug}.toml", council=council, clerk=clerk)
            questions.load(folder / f"{council.slug}_questions.toml", council=council, clerk=clerk)
        self.stdout.write("\nSign in with any of these; the password of all is " + PASSWORD + "\n")
        for sign_in in SIGN_INS:
            self.stdout.write(f"  {sign_in.username:<10} {sign_in.post} ({sign_in.role.label.lower()})")

    def _say(self, council: Any, slug: str) -> None:
        self.stdout.write(f"{slug}: {'loaded' if council else 'there already'}")
