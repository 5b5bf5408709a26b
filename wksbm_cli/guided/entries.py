"""The last entries: their receipts, and cancelling one."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from wksbm_cli.domain.message import msg
from wksbm_cli.guided.desk import Desk, typed
from wksbm_cli.guided.overview import sentence
from wksbm_cli.guided.pages import Answered

_MOST = 50


class LastEntries(Screen[None]):
    """Arrows choose, Enter shows the receipt, `b` cancels with a reason."""

    BINDINGS: ClassVar = [("escape", "leave", ""), ("b", "cancel", "")]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def compose(self) -> ComposeResult:
        say = self.desk.say
        yield Static(say(msg("Last entries")), classes="title", markup=False)
        yield OptionList(id="houses", markup=False)
        yield Static("", id="told", classes="wrong", markup=False)
        yield Static(say(msg("Why is it cancelled?")), id="why", classes="label", markup=False)
        yield Input(id="reason")
        yield Static(say(msg("Enter shows the receipt, b cancels, Esc goes back")), classes="keys", markup=False)

    def on_mount(self) -> None:
        self._ask(shown=False)
        entries = self.query_one("#houses", OptionList)
        with self.desk.view() as view:
            for entry in view.query.recent(_MOST):
                gone = " ✗" if view.query.reversal_of(entry.id) else ""
                entries.add_option(
                    Option(f"{entry.short_id}  {self.desk.say(sentence(view, entry))}{gone}", id=entry.id)
                )
        if entries.option_count:
            entries.highlighted = 0
        entries.focus()

    def _ask(self, *, shown: bool) -> None:
        self.query_one("#why").display = shown
        reason = self.query_one("#reason", Input)
        reason.display = shown
        if shown:
            reason.value = self.desk.say(msg("typed wrongly"))
            reason.focus()
        else:
            self.query_one("#houses").focus()

    def _chosen(self) -> str | None:
        entries = self.query_one("#houses", OptionList)
        if entries.highlighted is None:
            return None
        return entries.get_option_at_index(entries.highlighted).id

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        words = [self.desk.called("receipt"), str(event.option_id)[:8]]
        self.app.push_screen(Answered(self.desk, self.desk.run(words, None).told, typed(words)))

    def action_cancel(self) -> None:
        if self._chosen() is not None:
            self._ask(shown=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        id_ = self._chosen()
        if id_ is None:
            return
        words = [self.desk.called("reverse"), id_[:8], self.desk.option("--reason"), event.value]
        outcome = self.desk.run(words, None)
        if outcome.code:
            self.query_one("#told", Static).update(outcome.told)
            self._ask(shown=False)
            return
        self.app.switch_screen(Answered(self.desk, outcome.told, typed(words)))

    def action_leave(self) -> None:
        if self.query_one("#reason").display:
            self._ask(shown=False)
        else:
            self.dismiss(None)
