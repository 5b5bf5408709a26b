"""A short list to choose from, by number, by arrows or by mouse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import OptionList, Static


class Choose(Screen[int | None]):
    """Gives back the place of what was chosen in `names`; None where nothing was."""

    BINDINGS: ClassVar = [
        ("escape", "dismiss(None)", ""),
        *((str(number), f"number({number - 1})", "") for number in range(1, 10)),
    ]

    def __init__(self, title: str, names: Sequence[str]) -> None:
        super().__init__()
        self._title, self._names = title, names

    def compose(self) -> ComposeResult:
        yield Static(self._title, classes="title", markup=False)
        yield OptionList(*(f"{number}  {name}" for number, name in enumerate(self._names, 1)), markup=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_index)

    def action_number(self, index: int) -> None:
        if index < len(self._names):
            self.dismiss(index)
