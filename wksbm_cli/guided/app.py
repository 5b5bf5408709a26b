"""The guided program as a whole: its looks, its keys, and the first screen."""

from __future__ import annotations

from typing import ClassVar

from textual.app import App

from wksbm_cli.guided.begin import Begin
from wksbm_cli.guided.desk import Desk
from wksbm_cli.guided.home import Home


class Guided(App[None]):
    """Screens on the terminal, by keyboard alone or by mouse, from 45 columns and 20 lines on."""

    ENABLE_COMMAND_PALETTE = False
    CSS = """
    Screen { layout: vertical; }
    .title { background: $primary; color: $text; text-style: bold; padding: 0 1; height: 1; }
    .heading { text-style: bold; padding: 0 1; margin: 1 0 0 0; }
    .body { padding: 0 1; }
    .quiet { color: $text-muted; padding: 0 1; }
    .keys { dock: bottom; color: $text-muted; padding: 0 1; height: auto; }
    .told { padding: 0 1; height: auto; }
    .wrong { color: $text-error; padding: 0 1; height: auto; }
    .command { color: $text-muted; padding: 0 1; height: auto; }
    Input { border: none; height: 1; padding: 0 1; background: $boost; }
    Input:focus { border: none; background: $surface-lighten-2; }
    OptionList { border: none; height: auto; max-height: 100%; padding: 0; background: transparent; }
    .label { padding: 0 1; height: auto; color: $text-muted; }
    #choices { height: auto; }
    #houses { height: 1fr; }
    #shown { height: 1fr; padding: 0 1; }
    """
    BINDINGS: ClassVar = [("ctrl+c", "quit", "")]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def on_mount(self) -> None:
        self.push_screen(Home(self.desk) if self.desk.state() is not None else Begin(self.desk))
