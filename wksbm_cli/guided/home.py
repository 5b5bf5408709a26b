"""The first screen: where the money is, what was recorded last, what waits, and nine things to do."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from wksbm_cli.domain.message import Message, msg, msgn
from wksbm_cli.guided import overview
from wksbm_cli.guided.choosing import Choose
from wksbm_cli.guided.desk import BookView, Desk
from wksbm_cli.guided.entries import LastEntries
from wksbm_cli.guided.form import FormScreen
from wksbm_cli.guided.pages import Pages
from wksbm_cli.guided.round import collectable
from wksbm_cli.guided.sheet import CollectionSheet

_MOST_FUNDS = 6
_LAST = 3

# What each number does: the command whose form it opens, or a screen of its own.
_CHOICES: tuple[tuple[Message, str], ...] = (
    (msg("Collect dues: a whole sheet"), "collect"),
    (msg("One member paid"), "contribute"),
    (msg("A gift came in"), "donate"),
    (msg("Other money came in"), "income"),
    (msg("Help was given"), "disburse"),
    (msg("Something was bought or paid"), "spend"),
    (msg("Money was handed over"), "move"),
    (msg("Reports"), "reports"),
    (msg("Last entries: receipt, cancel"), "entries"),
)


class Home(Screen[None]):
    """Comes back after each thing done, and then tells what stands now."""

    BINDINGS: ClassVar = [
        *((str(number), f"choose({number})", "") for number in range(1, len(_CHOICES) + 1)),
        ("q", "leave", ""),
        ("escape", "leave", ""),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def compose(self) -> ComposeResult:
        say = self.desk.say
        yield Static("", classes="title", id="title", markup=False)
        with VerticalScroll(id="shown"):
            yield Static("", id="told", markup=False)
        yield OptionList(
            *(Option(f"{number}  {say(text)}", id=what) for number, (text, what) in enumerate(_CHOICES, 1)),
            id="choices",
        )
        yield Static(say(msg("A number or Enter chooses, q leaves")), classes="keys", markup=False)

    def on_mount(self) -> None:
        self.query_one("#choices").focus()

    def on_screen_resume(self) -> None:
        with self.desk.view() as view:
            self.query_one("#title", Static).update(view.registers.book.name)
            self.query_one("#told", Static).update("\n".join(self._told(view)))

    def _told(self, view: BookView) -> list[str]:
        say, show = self.desk.say, self.desk.language.show
        funds = overview.money(view)
        lines = [say(msg("Money and goods, {date}", date=view.now.date()))]
        lines += [f"  {name}: {show(amounts)}" for name, amounts in funds[:_MOST_FUNDS]]
        if len(funds) > _MOST_FUNDS:
            lines.append("  " + say(msgn("and {count} more fund", "and {count} more funds", len(funds) - _MOST_FUNDS)))
        if waits := [say(each) for each in overview.waiting(view)]:
            lines += ["", say(msg("What waits")), *(f"  {each}" for each in waits)]
        if last := view.query.recent(_LAST):
            lines += ["", say(msg("Recorded last")), *(f"  {say(overview.sentence(view, each))}" for each in last)]
        return lines

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._open(str(event.option_id))

    def action_choose(self, number: int) -> None:
        self._open(_CHOICES[number - 1][1])

    def action_leave(self) -> None:
        self.app.exit()

    def _open(self, what: str) -> None:
        match what:
            case "collect":
                self._collect()
            case "reports":
                self.app.push_screen(Pages(self.desk))
            case "entries":
                self.app.push_screen(LastEntries(self.desk))
            case _:
                self.app.push_screen(FormScreen(self.desk, self.desk.form(what)))

    def _collect(self) -> None:
        with self.desk.view() as view:
            dues = list(collectable(view))
        if not dues:
            self.notify(
                self.desk.say(msg("No fund has a due yet. To set one, use: wksbm fund due {fund} ...", fund="FUND")),
                severity="warning",
            )
        elif len(dues) == 1:
            self.app.push_screen(CollectionSheet(self.desk, *dues[0]))
        else:
            names = [f"{fund.name}: {due.name}" if due.name != fund.name else fund.name for fund, due in dues]
            title = self.desk.say(msg("Which due is collected?"))

            def chosen(number: int | None) -> None:
                if number is not None:
                    self.app.push_screen(CollectionSheet(self.desk, *dues[number]))

            self.app.push_screen(Choose(title, names), chosen)
