"""Packs and attached documents as values: what pages show and packs print of them. No model and no query."""

from dataclasses import dataclass
from datetime import date, datetime

from accounting.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEntry:
    """A PDF attached to an item, without its file."""

    id: int
    item_id: int
    title: str
    language: str
    file_name: str
    pages: int
    digest: str

    @property
    def pages_words(self) -> str:
        """“1 page”, “12 pages”."""
        return "1 page" if self.pages == 1 else f"{self.pages} pages"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFigures:
    """The publication whose figures a pack prints with an item, and the latest version of that period now."""

    number: str
    title: str
    period: Period
    version: int
    latest_version: int

    @property
    def label(self) -> str:
        """“Month 7, October 2023, version 1”."""
        return f"{self.period.label}, version {self.version}"

    @property
    def superseded(self) -> str:
        """“superseded by version 2”; empty while what the pack quotes is the latest."""
        return f"superseded by version {self.latest_version}" if self.latest_version > self.version else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackEntry:
    """A pack without its file."""

    id: int
    council_name: str
    council_slug: str
    committee: str
    meeting_id: int
    meeting_when: str
    meeting_day: date | None
    kind: str
    number: int
    state: str
    state_label: str
    error: str
    sections_done: int
    sections_total: int
    first_page: int
    pages: int | None
    digest: str
    content_digest: str
    asked_at: datetime
    finished_at: datetime | None
    sealed_at: datetime | None
    figures: tuple[HeldFigures, ...] = ()

    @property
    def title(self) -> str:
        """“Public pack”, “Supplement 1 to the exempt pack”."""
        return (
            f"Supplement {self.number} to the {self.kind} pack"
            if self.number
            else f"{self.kind.capitalize()} pack"
        )

    @property
    def is_exempt(self) -> bool:
        """Whether it is kept from the public."""
        return self.kind == "exempt"

    @property
    def is_sealed(self) -> bool:
        """Whether it stands as it is for good."""
        return self.state == "sealed"

    @property
    def is_preview(self) -> bool:
        """Whether it is made and waits to be looked at."""
        return self.state == "preview"

    @property
    def is_waiting(self) -> bool:
        """Whether the worker has yet to make it, or is making it."""
        return self.state in {"queued", "running"}

    @property
    def has_file(self) -> bool:
        """Whether there is a file to look at."""
        return self.state in {"preview", "sealed"}

    @property
    def pages_words(self) -> str:
        """“pages 1 to 24”; empty until it is made."""
        if self.pages is None:
            return ""
        last = self.first_page + self.pages - 1
        return f"page {last}" if self.pages == 1 else f"pages {self.first_page} to {last}"

    @property
    def progress_words(self) -> str:
        """“3 of 8 sections are made”."""
        if not self.sections_total:
            return "The worker has not begun"
        return f"{self.sections_done} of {self.sections_total} sections are made"

    @property
    def file_name(self) -> str:
        """What the file is called when it is saved: nothing in it but council, date and kind."""
        day = f"{self.meeting_day:%Y-%m-%d}" if self.meeting_day else f"meeting-{self.meeting_id}"
        supplement = f"-supplement-{self.number}" if self.number else ""
        return f"{self.council_slug}-{day}-{self.kind}-pack{supplement}.pdf"
