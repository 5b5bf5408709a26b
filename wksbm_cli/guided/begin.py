"""No book yet: five questions, one below the other, a preview of everything, one confirmation."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.events import Key
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static, TextArea

from wksbm_cli.domain.message import msg, msgn
from wksbm_cli.guided.beginning import READY, Answers, FundWanted, begin, names_of, rehearse
from wksbm_cli.guided.desk import Desk
from wksbm_cli.guided.home import Home

_STEPS = ("group", "treasurer", "members", "funds", "amounts", "preview")


class Begin(Screen[None]):
    """Ctrl+N (or Enter in a line) goes on, Esc goes back; nothing is written before the end."""

    BINDINGS: ClassVar = [("escape", "back", ""), ("ctrl+n", "next", "")]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._at = 0
        self._kept = {0}

    def compose(self) -> ComposeResult:
        say = self.desk.say
        yield Static(say(msg("A new book")), classes="title", markup=False)
        with VerticalScroll(id="shown"):
            yield Static(
                say(msg("What is the group called? For instance: RT 05 Mekarsari")), id="q-group", markup=False
            )
            yield Input(id="group")
            yield Static(say(msg("What is your name? You keep the book.")), id="q-treasurer", markup=False)
            yield Input(id="treasurer")
            yield Static(
                say(msg("Who are the members? A name a line; paste a list. Ctrl+N goes on.")),
                id="q-members",
                markup=False,
            )
            yield TextArea(id="members")
            yield Static(say(msg("Which funds are kept? Space chooses, Enter goes on.")), id="q-funds", markup=False)
            yield OptionList(id="funds", markup=False)
            yield Static(say(msg("What does each ask, and what is in hand today?")), id="q-amounts", markup=False)
            for number, ready in enumerate(READY):
                cycle = {"month": msg("each month"), "night": msg("each night"), "week": msg("each week")}[ready.cycle]
                yield Static(
                    say(msg("{fund}, {cycle}", fund=ready.name, cycle=cycle)),
                    id=f"due-label-{number}",
                    classes="label",
                    markup=False,
                )
                yield Input(ready.amount, id=f"due-{number}")
                yield Static(
                    say(msg("{fund}: in hand today", fund=ready.name)),
                    id=f"hand-label-{number}",
                    classes="label",
                    markup=False,
                )
                yield Input(id=f"hand-{number}", placeholder="0")
            yield Static("", id="preview", markup=False)
            yield Static("", id="told", classes="wrong", markup=False)
        yield Static(say(msg("Enter goes on · Esc goes back")), classes="keys", markup=False)

    def on_mount(self) -> None:
        self.query_one("#funds", OptionList).add_options([self._line(number) for number in range(len(READY))])
        self._show()

    def _line(self, number: int) -> str:
        return f"[{'x' if number in self._kept else ' '}] {self.desk.say(READY[number].name)}"

    def _keep(self, number: int) -> None:
        """Choose a fund, or leave it again."""
        self._kept ^= {number}
        self.query_one("#funds", OptionList).replace_option_prompt_at_index(number, self._line(number))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._keep(event.option_index)

    def _chosen(self) -> list[int]:
        return sorted(self._kept)

    def _show(self) -> None:
        """The question at hand, alone."""
        at = _STEPS[self._at]
        for step in ("group", "treasurer", "members", "funds"):
            for id_ in (f"#q-{step}", f"#{step}"):
                self.query_one(id_).display = step == at
        self.query_one("#q-amounts").display = at == "amounts"
        chosen = self._chosen()
        for number in range(len(READY)):
            for id_ in (f"#due-label-{number}", f"#due-{number}", f"#hand-label-{number}", f"#hand-{number}"):
                self.query_one(id_).display = at == "amounts" and number in chosen
        preview = self.query_one("#preview", Static)
        preview.display = at == "preview"
        self.query_one("#told", Static).update("")
        if at == "preview":
            preview.update(self._preview())
            self.query_one("#shown").focus()
        elif at == "amounts":
            if chosen:
                self.query_one(f"#due-{chosen[0]}").focus()
            else:
                self.query_one("#shown").focus()
        else:
            self.query_one(f"#{at}").focus()

    def _answers(self) -> Answers:
        funds = [
            FundWanted(
                READY[number],
                self.query_one(f"#due-{number}", Input).value.strip(),
                self.query_one(f"#hand-{number}", Input).value.strip(),
            )
            for number in self._chosen()
        ]
        return Answers(
            self.query_one("#group", Input).value.strip(),
            self.query_one("#treasurer", Input).value.strip(),
            names_of(self.query_one("#members", TextArea).text),
            funds,
        )

    def _preview(self) -> str:
        say, answers = self.desk.say, self._answers()
        lines = [
            say(msg("{group}, kept by {treasurer}", group=answers.group, treasurer=answers.treasurer)),
            say(msgn("{count} member", "{count} members", len(answers.members))),
        ]
        for wanted in answers.funds:
            line = say(wanted.ready.name)
            if wanted.amount:
                line += " · " + say(msg("due {amount}", amount=wanted.amount))
            if wanted.in_hand:
                line += " · " + say(msg("in hand {amount}", amount=wanted.in_hand))
            lines.append(line)
        lines += ["", say(msg("Enter makes this book. Esc goes back to correct it."))]
        return "\n".join(lines)

    def on_key(self, event: Key) -> None:
        """Space in the list of funds, and Enter where the list or the preview would keep it to itself."""
        funds = self.query_one("#funds", OptionList)
        if event.key == "space" and self.focused is funds and funds.highlighted is not None:
            event.stop()
            event.prevent_default()
            self._keep(funds.highlighted)
        if event.key == "enter" and _STEPS[self._at] in ("funds", "preview"):
            event.stop()
            event.prevent_default()
            self.action_next()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        boxes = [box for box in self.query(Input) if box.display]
        following = boxes[boxes.index(event.input) + 1 :]
        if following:
            following[0].focus()
        else:
            self.action_next()

    def action_next(self) -> None:
        at = _STEPS[self._at]
        if at in ("group", "treasurer") and not self.query_one(f"#{at}", Input).value.strip():
            return
        if at == "amounts" and not self._passes():
            return
        if at == "preview":
            self._begin()
            return
        self._at += 1
        self._show()

    def action_back(self) -> None:
        if self._at:
            self._at -= 1
            self._show()
        else:
            self.app.exit()

    def _passes(self) -> bool:
        refused = rehearse(self.desk, self._answers(), self.desk.today())
        if refused is not None:
            self.query_one("#told", Static).update(refused.told)
        return refused is None

    def _begin(self) -> None:
        refused = begin(self.desk, self._answers(), self.desk.today())
        if refused is not None:
            self.query_one("#told", Static).update(refused.told)
            return
        self.app.switch_screen(Home(self.desk))
        self.notify(self.desk.say(msg("The book is made, in the folder {folder}.", folder="ledgers")))
