"""A command to be run every month, as a line of a crontab or as units of systemd."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from typing import NamedTuple

from wksbm_cli.domain.message import msg
from wksbm_cli.render.language import Language


class Monthly(NamedTuple):
    """`words` are run on `day` of every month at `time` (HH:MM), by the clock of `timezone` where the system lets it be named.

    `name` tells the units of one book from those of another.
    """

    words: Sequence[str]
    day: int
    time: str
    timezone: str
    name: str


def crontab(monthly: Monthly, language: Language) -> str:
    """One line for `crontab -e`, below comments that say what it does. Cron takes a bare `%` for the end of the line."""
    hour, minute = (int(part) for part in monthly.time.split(":"))
    command = shlex.join(monthly.words).replace("%", "\\%")
    comments = (
        msg(
            "On day {day} of every month at {time}: the summary of the month before.",
            day=monthly.day,
            time=monthly.time,
        ),
        msg("Put this into the list that opens with: {command}", command="crontab -e"),
    )
    lines = [f"# {language.say(comment)}" for comment in comments]
    return "\n".join([*lines, f"{minute} {hour} {monthly.day} * * {command}"]) + "\n"


def systemd(monthly: Monthly, language: Language) -> str:
    """A service and its timer, each under the name of its file; a month missed while the machine was off is made up for."""
    title = language.say(msg("The summary of the month before, by wksbm"))
    unit = f"wksbm-{monthly.name}"
    steps = (
        msg("Put these two into files of these names, then type:"),
        f"systemctl --user daemon-reload && systemctl --user enable --now {unit}.timer && loginctl enable-linger",
    )
    return "\n".join(
        [
            *(f"# {step if isinstance(step, str) else language.say(step)}" for step in steps),
            "",
            f"# ~/.config/systemd/user/{unit}.service",
            "[Unit]",
            f"Description={title}",
            "",
            "[Service]",
            "Type=oneshot",
            f"ExecStart={' '.join(map(_systemd_word, monthly.words))}",
            "",
            f"# ~/.config/systemd/user/{unit}.timer",
            "[Unit]",
            f"Description={title}",
            "",
            "[Timer]",
            f"OnCalendar=*-*-{monthly.day:02d} {monthly.time}:00 {monthly.timezone}",
            "Persistent=true",
            "",
            "[Install]",
            "WantedBy=timers.target",
            "",
        ]
    )


def _systemd_word(word: str) -> str:
    """A word as systemd.syntax(7) quotes it; `%` and `$` would be filled in."""
    plain = word.replace("%", "%%").replace("$", "$$")
    if re.fullmatch(r"[\w@%+=:,./$-]+", plain):
        return plain
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
