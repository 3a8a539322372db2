"""The forms of packs: a document to attach, and why one is withdrawn."""

from django import forms

from services.forms.fields import KeyField, WordsField


class DocumentForm(forms.Form):
    """A PDF for an item."""

    title = forms.CharField(
        label="Title",
        max_length=200,
        help_text="As the pack is to name it.",
        error_messages={"required": "Give its title."},
    )
    language = forms.CharField(
        label="Language", max_length=12, initial="en-GB", help_text="A code, such as en-GB or cy."
    )
    file = forms.FileField(
        label="File",
        help_text="A tagged PDF of at most 20 MB, with its own title and language, without scripts, passwords or files inside.",
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"required": "Choose the file.", "empty": "The file is empty."},
    )
    key = KeyField()


class WithdrawForm(forms.Form):
    """Why a document is withdrawn."""

    reason = WordsField(label="Reason", required=True)
    key = KeyField()
