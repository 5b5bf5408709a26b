"""A finding of `check`: place, severity, one sentence, and a hint with the next command."""

from __future__ import annotations

from typing import Literal, NamedTuple

from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Where

# An error makes a figure wrong or breaks a rule; a warning is for a person to review.
Severity = Literal["error", "warning"]


class Finding(NamedTuple):
    """One finding. `code` is a short stable name of its kind; `fund` (`ORG/FUND`) is '' where it concerns no single fund."""

    severity: Severity
    code: str
    where: Where
    text: Message
    hint: Message | None = None
    fund: str = ""

    def in_a_line(self) -> Message:
        """Where, what is wrong and what to type next, as one detail among others."""
        place = {"path": self.where.path, "line": str(self.where.line), "text": self.text}
        if self.hint is None:
            return msg("{path}:{line}: {text}", **place)
        return msg("{path}:{line}: {text} {hint}", **place, hint=self.hint)
