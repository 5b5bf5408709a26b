"""The sheet of a collection: a line a house, marked by single keys, compared with the money on the table, then recorded."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.events import Key, Resize
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from wksbm_cli.domain.due import Due
from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Problem
from wksbm_cli.domain.units import Amount, parse_amount
from wksbm_cli.guided.desk import Desk, typed
from wksbm_cli.guided.kept import forget, keep, kept
from wksbm_cli.guided.pages import Answered
from wksbm_cli.guided.round import House, Round, beside, round_of
from wksbm_cli.recording.collecting import night_of
from wksbm_cli.render.wrapping import display_width

_SIGNS = {"paid": "✓", "nothing": "·", "away": "○"}
_LONGEST_JUMP = 1.0


class CollectionSheet(Screen[None]):
    """What is typed is kept beside the book until it is recorded, and offered again after a crash."""

    BINDINGS: ClassVar = [("escape", "leave", "")]

    def __init__(self, desk: Desk, fund: Fund, due: Due) -> None:
        super().__init__()
        self.desk, self.fund, self.due = desk, fund, due
        self.sheet: Round | None = None
        self._letters, self._pressed = "", 0.0

    def compose(self) -> ComposeResult:
        yield Static("", classes="title", id="title", markup=False)
        yield OptionList(id="houses", markup=False)
        yield Static("", id="total", classes="heading", markup=False)
        yield Static("", id="told", classes="wrong", markup=False)
        yield Input(id="money", placeholder=self.desk.say(msg("Money on the table? Enter if it need not be compared")))
        yield Static(
            self.desk.say(
                msg(
                    "Space paid/not/away · digits an amount · + a month more · letters find a name · * all · ← → period"
                )
            ),
            classes="keys",
            markup=False,
        )

    def on_mount(self) -> None:
        self.query_one("#money").display = False
        with self.desk.view() as view:
            day = night_of(view.now, self.due, view.registers.book.night_until)
            self._today = view.now.date()
            self._units = view.registers.book.units
        self._show(day, None)
        self.query_one("#houses").focus()

    def _show(self, day: date, period: str | None) -> None:
        with self.desk.view() as view:
            self.sheet = round_of(view, self.fund, self.due, day, period)
        self.sheet.marks |= kept(self._state(), self._key(), {house.slug for house in self.sheet.houses})
        self._letters = ""
        self._draw_all()

    def _state(self) -> Path:
        state = self.desk.state()
        assert state is not None, "a sheet is of a book"
        return state

    def _key(self) -> str:
        assert self.sheet is not None
        night = self.sheet.day.isoformat() if self.due.cycle.name == "night" else ""
        return json.dumps([self.fund.slug, self.due.slug, self.sheet.period, night])

    def _draw_all(self) -> None:
        assert self.sheet is not None
        houses = self.query_one("#houses", OptionList)
        at = houses.highlighted or 0
        houses.clear_options()
        houses.add_options([Option(self._line(house), id=house.slug) for house in self.sheet.houses])
        if self.sheet.houses:
            houses.highlighted = min(at, len(self.sheet.houses) - 1)
        names = dict.fromkeys((self.fund.name, self.due.name))
        self.query_one("#title", Static).update(
            " · ".join([*names, self.desk.language.show(self.sheet.period_shown())])
        )
        self._draw_total()

    def _line(self, house: House) -> str:
        assert self.sheet is not None
        mark, given = self.sheet.mark(house), self.sheet.given(house)
        sign = _SIGNS.get(mark, "½") if isinstance(mark, str) else "½" if given < house.asked else "✓"
        if house.is_locked and not given:
            sign, right = "=", self.desk.language.show(house.why)
        elif mark == "away":
            right = self.desk.say(msg("away"))
        else:
            right = self.desk.language.figure(Amount(given, self.due.unit)) if given else ""
        room = max(self.size.width - 6 - display_width(right) - 1, 8)
        name = house.name if display_width(house.name) <= room else house.name[: room - 1] + "…"
        return f"{sign} {name}{' ' * (room - display_width(name))} {right}"

    def _draw_total(self) -> None:
        assert self.sheet is not None
        self.query_one("#total", Static).update(
            self.desk.say(msg("{count} houses gave: {total}", count=self.sheet.payers, total=self.sheet.total))
        )

    def on_resize(self, event: Resize) -> None:
        if self.sheet is not None:
            self._draw_all()

    def _redraw(self, index: int) -> None:
        assert self.sheet is not None
        house = self.sheet.houses[index]
        self.query_one("#houses", OptionList).replace_option_prompt_at_index(index, self._line(house))
        self._draw_total()
        self.query_one("#told", Static).update("")
        keep(self._state(), self._key(), self.sheet.marks)

    def on_key(self, event: Key) -> None:
        if self.query_one("#money").display or self.sheet is None or not self.sheet.houses:
            return
        houses = self.query_one("#houses", OptionList)
        index = houses.highlighted or 0
        house, sheet = self.sheet.houses[index], self.sheet
        char = event.character or ""
        if not char.isalpha():
            self._letters = ""
        if event.key == "space":
            sheet.cycle(house)
        elif char.isdecimal() and char.isascii():
            sheet.digit(house, char)
        elif event.key == "backspace":
            sheet.erase(house)
        elif char == "+":
            sheet.ahead(house)
        elif char == "*":
            sheet.all()
            self._draw_all()
        elif event.key in ("left", "right"):
            self._step(-1 if event.key == "left" else 1)
            event.stop()
            return
        elif event.key == "enter":
            self._ask_money()
            event.stop()
            return
        elif char.isalpha():
            self._jump(char)
            event.stop()
            return
        else:
            return
        event.stop()
        event.prevent_default()
        self._redraw(index)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click marks the house, as Space does; Enter is caught before."""
        assert self.sheet is not None
        self.sheet.cycle(self.sheet.houses[event.option_index])
        self._redraw(event.option_index)

    def _jump(self, char: str) -> None:
        """To the next house of which a word begins with the letters typed in quick succession."""
        assert self.sheet is not None
        now = time.monotonic()
        self._letters = (self._letters if now - self._pressed < _LONGEST_JUMP else "") + char.casefold()
        self._pressed = now
        houses = self.query_one("#houses", OptionList)
        count, at = len(self.sheet.houses), houses.highlighted or 0
        start = at if len(self._letters) > 1 else at + 1
        for number in (*range(start, count), *range(start)):
            words = self.sheet.houses[number % count].name.casefold().split()
            if any(word.startswith(self._letters) for word in words):
                houses.highlighted = number % count
                return

    def _step(self, step: int) -> None:
        assert self.sheet is not None
        moved = beside(self.due, self.sheet.day, self.sheet.period, step)
        if moved is not None:
            self._show(*moved)

    def _ask_money(self) -> None:
        money = self.query_one("#money", Input)
        money.value = ""
        money.display = True
        money.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Compares what lies on the table with the marks, and records where they agree or nothing was counted."""
        assert self.sheet is not None
        if event.value.strip():
            try:
                counted = parse_amount(event.value, self._units, self.due.unit)
            except Problem as problem:
                self.query_one("#told", Static).update(self.desk.say(problem.text))
                return
            if counted != self.sheet.total:
                self.query_one("#told", Static).update(
                    self.desk.say(
                        msg(
                            "{counted} on the table, {total} marked: look which house is marked otherwise.",
                            counted=counted,
                            total=self.sheet.total,
                        )
                    )
                )
                self._back_to_houses()
                return
        self._record()

    def _back_to_houses(self) -> None:
        self.query_one("#money").display = False
        self.query_one("#houses").focus()

    def _record(self) -> None:
        assert self.sheet is not None
        words = self.sheet.words(self.desk, self._today)
        outcome = self.desk.run(words, None)
        if outcome.code:
            self.query_one("#told", Static).update(outcome.told)
            self._back_to_houses()
            return
        forget(self._state(), self._key())
        self.app.switch_screen(Answered(self.desk, outcome.told, typed(words)))

    def action_leave(self) -> None:
        if self.query_one("#money").display:
            self._back_to_houses()
        else:
            self.dismiss(None)
