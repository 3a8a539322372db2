"""Forms whose words will be published: read at entry for what may tell who a child is, warned of, and accepted by a tick."""

import hashlib
from typing import Any, ClassVar

from django import forms

from accounting.words_lint import Concern, concerns_in

FIELD = "words_accepted"


class PublishedWordsForm(forms.Form):
    """A form of which some words will be published.

    To use it: derive the form from this class instead of `forms.Form`, name those fields in `published_words`, render it with
    `services/parts/fields.html` (or its own fields, `words_accepted` among them), and send it through `services.views.answers.carried_out`,
    whose operation must return the record that was saved. Nothing else is needed:

    - words that look like a small number of children, an age, a date of birth, an NHS number or a name make the form invalid once, with the
      passage beside its field and a box to tick: “I have checked these”;
    - the tick counts for just those passages: words that are changed to hold another are asked about again;
    - when the form is saved, `carried_out` records in the same transaction who accepted which passages of which record.
    """

    published_words: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.words_accepted: tuple[str, ...] = ()
        """The passages that the person who sent the form has ticked as checked."""

    def _post_clean(self) -> None:
        """Read the words, when the form's own checks are done."""
        super()._post_clean()  # type: ignore[misc]  # Django's, and not in the stubs
        found = {name: concerns for name in self.published_words if (concerns := self._concerns(name))}
        if not found:
            return
        passages = tuple(str(concern) for concerns in found.values() for concern in concerns)
        mark = _mark(passages)
        is_ticked = self.data.get(self.add_prefix(FIELD)) == mark
        self.fields[FIELD] = _tick(mark, is_ticked=is_ticked)
        if is_ticked:
            self.words_accepted = passages
            return
        for name, concerns in found.items():
            said = "; ".join(str(concern) for concern in concerns)
            self.add_error(
                name,
                f"This will be published, and may tell who a child is: {said}. Rewrite it, or tick below.",
            )

    def _concerns(self, name: str) -> tuple[Concern, ...]:
        words = self.cleaned_data.get(name)
        return concerns_in(words) if isinstance(words, str) else ()


def _mark(passages: tuple[str, ...]) -> str:
    """What the tick sends: a digest of the passages it is for."""
    return hashlib.sha256("\n".join(passages).encode()).hexdigest()[:16]


def _tick(mark: str, *, is_ticked: bool) -> forms.BooleanField:
    return forms.BooleanField(
        label="I have checked these words: none of them tells who a child is. The audit trail keeps that I said so.",
        required=False,
        initial=is_ticked,
        widget=forms.CheckboxInput(attrs={"value": mark}),
    )
