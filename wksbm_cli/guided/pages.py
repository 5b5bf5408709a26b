"""Text to be read: what a command answered, and the reports."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from wksbm_cli.domain.message import msg
from wksbm_cli.guided.desk import Desk, typed

# The reports that a treasurer asks for between meetings, by their commands.
_REPORTS = ("balance", "summary", "arrears", "contributions", "disbursements", "check")


class Answered(Screen[None]):
    """An answer, and the command that gives it."""

    BINDINGS: ClassVar = [("escape", "dismiss(None)", ""), ("enter", "dismiss(None)", ""), ("q", "dismiss(None)", "")]

    def __init__(self, desk: Desk, text: str, command: str) -> None:
        super().__init__()
        self.desk, self._text, self._command = desk, text, command

    def compose(self) -> ComposeResult:
        say = self.desk.say
        with VerticalScroll(id="shown"):
            yield Static(self._text, markup=False)
            yield Static("", markup=False)
            yield Static(say(msg("The same, typed: {command}", command=self._command)), classes="quiet", markup=False)
        yield Static(say(msg("Enter goes on")), classes="keys", markup=False)

    def on_mount(self) -> None:
        self.query_one("#shown").focus()


class Pages(Screen[None]):
    """The reports by name; each opens as text."""

    BINDINGS: ClassVar = [
        ("escape", "dismiss(None)", ""),
        *((str(number), f"number({number - 1})", "") for number in range(1, len(_REPORTS) + 1)),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def compose(self) -> ComposeResult:
        yield Static(self.desk.say(msg("Reports")), classes="title", markup=False)
        yield OptionList(
            *(Option(f"{number}  {self.desk.form(name).title}", id=name) for number, name in enumerate(_REPORTS, 1)),
            markup=False,
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._show(str(event.option_id))

    def action_number(self, index: int) -> None:
        self._show(_REPORTS[index])

    def _show(self, name: str) -> None:
        words = [self.desk.called(name)]
        self.app.push_screen(Answered(self.desk, self.desk.run(words, None).told, typed(words)))
