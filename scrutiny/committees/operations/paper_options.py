"""The options that a report puts to its committee, and which of them a meeting chose."""

from collections.abc import Collection, Sequence
from itertools import count
from typing import Any, Final

from django.db import transaction

from accounts.models import User
from scrutiny.committees.operations.paper_drafts import draft_of, open_paper, record_step
from scrutiny.committees.operations.records import stale
from scrutiny.committees.papers.checking import Quotable
from scrutiny.committees.papers.lines import OptionGiven, text_of_options
from scrutiny.models import AgendaItem, Meeting, Paper, ReportOption
from services.operations.authority import same_council
from services.operations.entries import checked_name, checked_words
from services.operations.refusals import AlreadyDoneError, InvalidEntryError
from services.roles import Permission

MOST_OPTIONS: Final = 40


@transaction.atomic
def set_options(*, by: User, paper: Paper, expected_version: int, options: Sequence[OptionGiven]) -> Paper:
    """Say which options a draft puts to its committee, in place of those before. Raises `StaleVersionError` if somebody changed it since."""
    now = draft_of(by=by, paper=paper)
    if now.version != expected_version:
        held = {"options": text_of_options(now.options.all())}
        raise stale(now, expected_version=expected_version, values=held)
    return keep_options(by=by, paper=now, quotable=Quotable(now.publication_id), options=options)


@transaction.atomic
def choose_options(
    *,
    by: User,
    paper: Paper,
    expected_version: int,
    meeting: Meeting,
    chosen: Collection[ReportOption],
    words: str = "",
) -> Paper:
    """Record which options of a final report a meeting chose; the others were not. A sub-option brings the option that it belongs to.

    Once recorded it stands. Raises `AlreadyDoneError` for a draft, a report that the meeting did not have, or a choice recorded before.
    """
    now = open_paper(by=by, paper=paper, needs=Permission.KEEP_MEETINGS, expected_version=expected_version)
    same_council(now.council_id, meeting)
    options = list(now.options.select_for_update())
    _refuse_choice(now, meeting, options, chosen)
    said = checked_words("words", words)
    numbers = {option.pk for option in chosen} | {option.parent_id for option in chosen if option.parent_id}
    for option in options:
        option.is_chosen = option.pk in numbers
        option.chosen_at = meeting
        option.chosen_words = said if option.is_chosen else ""
        option.save(update_fields=["is_chosen", "chosen_at", "chosen_words"])
    after = {
        "meeting": str(meeting),
        "chosen": [_named(option) for option in options if option.is_chosen],
        "words": said,
    }
    record_step(by=by, paper=now, record=now, action="record choice among options", before={}, after=after)
    return now


def keep_options(*, by: User, paper: Paper, quotable: Quotable, options: Sequence[OptionGiven]) -> Paper:
    """Replace the options of a draft that is held already, in the caller's transaction."""
    _refuse_options(options, quotable)
    before = [_named(option) for option in paper.options.select_related("parent")]
    after = [line for option in options for line in _lines(option)]
    if before == after:
        return paper
    paper.options.all().delete()
    places = count(1)
    for option in options:
        row = _save(paper, option, parent=None, order=next(places))
        for below in option.sub_options:
            _save(paper, below, parent=row, order=next(places))
    record_step(
        by=by,
        paper=paper,
        record=paper,
        action="set report options",
        before={"options": before},
        after={"options": after},
    )
    return paper


def _save(paper: Paper, given: OptionGiven, *, parent: ReportOption | None, order: int) -> ReportOption:
    row = ReportOption(
        council=paper.council,
        paper=paper,
        parent=parent,
        number=given.number,
        words=given.words,
        order=order,
    )
    row.save()
    return row


def _refuse_options(options: Sequence[OptionGiven], quotable: Quotable) -> None:
    every = [one for option in options for one in (option, *option.sub_options)]
    if len(every) > MOST_OPTIONS:
        raise InvalidEntryError("options", f"a report puts up to {MOST_OPTIONS} options.")
    for group in (options, *(option.sub_options for option in options)):
        numbers = [option.number for option in group]
        twice = next((number for number in numbers if numbers.count(number) > 1), None)
        if twice is not None:
            raise InvalidEntryError("options", f"there are two options {twice}.")
    for option in every:
        checked_name("options", option.number, limit=12)
        checked_words("options", option.words, required=True)
        if any(below.sub_options for below in option.sub_options):
            raise InvalidEntryError("options", "a sub-option has no options below it.")
        quotable.check_words("options", option.words, place=f"Option {option.number}")


def _refuse_choice(
    paper: Paper, meeting: Meeting, options: Sequence[ReportOption], chosen: Collection[ReportOption]
) -> None:
    if paper.state != Paper.State.FINAL:
        raise AlreadyDoneError("The report is a draft. A meeting chooses among the options of a final one.")
    if any(option.chosen_at_id for option in options):
        raise AlreadyDoneError("Which options were chosen has been recorded. Minutes correct a record.")
    if not AgendaItem.objects.filter(meeting=meeting, paper=paper).exists():
        raise AlreadyDoneError(f"The report was not on the agenda of {meeting}.")
    if meeting.state not in (Meeting.State.HELD, Meeting.State.MINUTED):
        raise AlreadyDoneError(f"{meeting} has not been held yet.")
    if not chosen:
        raise InvalidEntryError("chosen", "say which option was chosen.")
    if {option.pk for option in chosen} - {option.pk for option in options}:
        raise InvalidEntryError("chosen", "one of these is no option of this report.")


def _named(option: ReportOption) -> str:
    """As the audit trail has it: “6.4 1 Grant an extension.”."""
    above = f"{option.parent.number} " if option.parent else ""
    return f"{above}{option.number} {option.words}"


def _lines(option: OptionGiven) -> list[Any]:
    below = [f"{option.number} {one.number} {one.words}" for one in option.sub_options]
    return [f"{option.number} {option.words}", *below]
