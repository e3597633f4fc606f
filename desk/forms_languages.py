"""What editors send in to translate our data: a file, and then the changes that they have read."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django import forms

from desk.forms import OLD_PAGE, KeyedForm
from desk.forms_parts import SmallFileField
from kb.actions_tongues import Change
from kb.tongue_files import unfit

# As much as a page can hand on to itself; more is loaded by `manage.py import_words`.
LARGEST = 900_000


class FileForm(forms.Form):
    """Translations from a file."""

    file = SmallFileField(
        label="PO file",
        help_text="As you downloaded it, with translations written in. 900 kB or smaller.",
        accept=".po",
        largest=LARGEST,
        too_large="This file is larger than 900 kB. Load it by manage.py import_words, "
        "or send it in parts",
    )


class SaveForm(KeyedForm):
    """The changes as the page showed them: each text, its translation then, and the new one."""

    changes = forms.CharField(
        widget=forms.HiddenInput,
        strip=False,
        error_messages={"required": OLD_PAGE},
    )

    def show_again(self) -> None:
        """The page comes back with what would change now, and a key of its own."""
        self.data = {"key": str(uuid.uuid4()), "changes": ""}

    def clean_changes(self) -> list[Change]:
        """Rows of three texts."""
        try:
            found: Any = json.loads(self.cleaned_data["changes"])
            rows = [Change(*row) for row in found]
        except (ValueError, TypeError, RecursionError) as error:
            raise forms.ValidationError(OLD_PAGE) from error
        texts = [text for row in rows for text in (row.source, row.before, row.after)]
        if not rows or not all(isinstance(text, str) for text in texts):
            raise forms.ValidationError(OLD_PAGE)
        for row in rows:
            if wrong := unfit(row.source, row.after) or unfit(row.before, row.before):
                raise forms.ValidationError(wrong)
        return rows


def as_sent(rows: tuple[Change, ...]) -> str:
    """Changes as SaveForm reads them."""
    return json.dumps([[one.source, one.before, one.after] for one in rows], ensure_ascii=False)
