"""Running a change of a register, and printing its answer."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from wksbm_cli.cli.session import Session
from wksbm_cli.cli.shared import ChangeOptions

if TYPE_CHECKING:
    from wksbm_cli.domain.registers import Registers
    from wksbm_cli.recording.registers.change import Change, Present


def change_and_print(session: Session, make: Callable[[Registers], Change]) -> None:
    """Make a change of the registers as they are, and answer as the shared options of a change say."""
    change_present(session, lambda present: make(present.registers))


def change_present(session: Session, make: Callable[[Present], Change]) -> None:
    """The same for a change that asks what the ledgers hold."""
    from wksbm_cli.recording.registers.change import Deciding, change_register
    from wksbm_cli.render.changed import as_json, as_text

    options = session.options(ChangeOptions)
    deciding = Deciding(session.by, session.now, options.decided_by, options.reason)
    changed = change_register(session.folder, make, deciding, dry_run=options.dry_run)
    session.tell(changed.notices)
    render = as_json if options.format == "json" else as_text
    sys.stdout.write(render(changed, session.language))
