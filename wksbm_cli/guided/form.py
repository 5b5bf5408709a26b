"""One form for every command that records one thing: its fields below each other, names offered as they are typed."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.events import DescendantFocus, Key
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from wksbm_cli.domain.fund import Fund
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.person import without_titles
from wksbm_cli.domain.problem import Problem
from wksbm_cli.guided.desk import BookView, Desk, Field, Form, typed
from wksbm_cli.guided.pages import Answered

# Options that most entries have a use for; the others are shown by F2.
_USUAL = ("for_", "date", "note")
_MOST_OFFERED = 6


class FormScreen(Screen[None]):
    """Enter goes from field to field; the last Enter tells what would be recorded, and one more records it."""

    BINDINGS: ClassVar = [("escape", "dismiss(None)", ""), ("f2", "more", "")]

    def __init__(self, desk: Desk, form: Form) -> None:
        super().__init__()
        self.desk, self.form = desk, form
        self._is_shown = False
        self._words: list[str] | None = None

    def compose(self) -> ComposeResult:
        say = self.desk.say
        yield Static(self.form.title, classes="title", markup=False)
        with VerticalScroll(id="shown"):
            for number, field in enumerate(self.form.fields):
                yield Static(field.label, classes="label", id=f"label-{number}", markup=False)
                yield Input(id=f"field-{number}", placeholder=say(msg("y for yes")) if field.kind == "flag" else "")
            yield OptionList(id="offered", markup=False)
            yield Static("", id="told", classes="told", markup=False)
            yield Static("", id="wrong", classes="wrong", markup=False)
        yield Static(say(msg("Enter goes on · F2 shows more · Esc goes back")), classes="keys", markup=False)

    def on_mount(self) -> None:
        self._arrange()
        self._input(0).focus()

    def _arrange(self) -> None:
        for number, field in enumerate(self.form.fields):
            shown = field.is_required or self._is_shown or field.name in _USUAL
            self.query_one(f"#label-{number}").display = shown
            self._input(number).display = shown

    def action_more(self) -> None:
        self._is_shown = not self._is_shown
        self._arrange()

    def _input(self, number: int) -> Input:
        return self.query_one(f"#field-{number}", Input)

    def _number(self, box: Input) -> int:
        return int(str(box.id).removeprefix("field-"))

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        if isinstance(event.widget, Input):
            self._offer(event.widget)

    def on_input_changed(self, event: Input.Changed) -> None:
        self._words = None
        self.query_one("#told", Static).update("")
        self._offer(event.input)

    def _offer(self, box: Input) -> None:
        """The names that fit what is typed into a field of funds, members or places."""
        offered = self.query_one("#offered", OptionList)
        offered.clear_options()
        field = self.form.fields[self._number(box)]
        with self.desk.view() as view:
            names = list(self._names(view, field))
        wanted = without_titles(box.value.casefold().strip()) or box.value.casefold().strip()
        fitting = [(word, name) for word, name in names if wanted in name.casefold() or wanted in word]
        # Whose name begins with what is typed stands before whose name only holds it.
        fitting.sort(key=lambda each: not any(part.startswith(wanted) for part in each[1].casefold().split()))
        offered.add_options([Option(f"{name}  ({word})", id=word) for word, name in fitting[:_MOST_OFFERED]])
        if fitting:
            offered.highlighted = 0
        offered.display = bool(fitting)

    def _names(self, view: BookView, field: Field) -> list[tuple[str, str]]:
        registers = view.registers
        match field.kind:
            case "fund":
                return [(fund.slug, fund.name) for fund in registers.funds.values()]
            case "member":
                fund = self._fund(view)
                organisations = [fund.organisation] if fund else list(registers.members)
                return [
                    (member.slug, member.name) for each in organisations for member in registers.members[each].values()
                ]
            case "place":
                fund = self._fund(view)
                return [(slug, str(place.name)) for slug, place in fund.places.items()] if fund else []
        return []

    def _fund(self, view: BookView) -> Fund | None:
        number = next((number for number, field in enumerate(self.form.fields) if field.kind == "fund"), None)
        if number is None or not self._input(number).value:
            return None
        try:
            return view.registers.fund(self._input(number).value)
        except Problem:
            return None

    def on_key(self, event: Key) -> None:
        """Arrows move within the names offered, or else from field to field."""
        if event.key not in ("up", "down"):
            return
        offered = self.query_one("#offered", OptionList)
        if offered.display and offered.option_count > 1:
            offered.action_cursor_up() if event.key == "up" else offered.action_cursor_down()
        else:
            self.focus_previous(Input) if event.key == "up" else self.focus_next(Input)
        event.stop()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        box = self.focused
        if isinstance(box, Input):
            box.value = str(event.option_id)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        number = self._number(event.input)
        self._take(event.input, self.form.fields[number])
        if self._words is not None:
            self._record(self._words)
            return
        following = [after for after in range(number + 1, len(self.form.fields)) if self._input(after).display]
        if following:
            self._input(following[0]).focus()
            self._input(following[0]).scroll_visible()
        else:
            self._try()

    def _take(self, box: Input, field: Field) -> None:
        """The name that is highlighted, where names are offered and something is typed or must be."""
        offered = self.query_one("#offered", OptionList)
        if not offered.display or offered.highlighted is None or not (box.value or field.is_required):
            return
        word = offered.get_option_at_index(offered.highlighted).id
        if word is not None and word != box.value:
            with self.prevent(Input.Changed):
                box.value = word

    def _try(self) -> None:
        """What would be recorded, as the command says it; nothing is written yet."""
        words = self.form.words([self._input(number).value.strip() for number in range(len(self.form.fields))])
        outcome = self.desk.run([*words, "--dry-run"], None)
        self.query_one("#wrong", Static).update("" if outcome.code == 0 else outcome.told)
        if outcome.code == 0:
            self._words = words
            further = self.desk.say(msg("Enter once more records it."))
            self.query_one("#told", Static).update(f"{outcome.told}\n{further}")
        self.query_one("#offered").display = False
        self.query_one("#wrong").scroll_visible()

    def _record(self, words: list[str]) -> None:
        outcome = self.desk.run(words, None)
        if outcome.code:
            self._words = None
            self.query_one("#told", Static).update("")
            self.query_one("#wrong", Static).update(outcome.told)
            return
        self.app.switch_screen(Answered(self.desk, outcome.told, typed(words)))
