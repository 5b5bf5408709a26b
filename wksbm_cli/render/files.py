"""Putting a rendered report into a file: whole, or the old file stays."""

from __future__ import annotations

import os
from pathlib import Path

from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Trouble, Where


def replace_report(path: Path, text: str) -> None:
    """Write `text` beside `path` and rename it there; folders on the way are made."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        if path.is_dir():
            raise IsADirectoryError
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except IsADirectoryError:
        raise Trouble(msg("This is a folder; --output needs a file."), where=Where(str(path))) from None
    except OSError as error:
        raise Trouble(
            msg("The report could not be written: {reason}.", reason=error.strerror or str(error)),
            where=Where(str(path)),
        ) from None
