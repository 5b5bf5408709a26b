"""One run of the program in a process of its own: `wksbm`, or `python -m wksbm_cli`."""

# Python's collector of cycles looks through all that is loaded, again and again, for something to throw away; a run keeps
# what it loads and is over before there is any. It is off before the rest is loaded: a twentieth of the time of a report.
import gc

gc.disable()

import os  # noqa: E402
import sys  # noqa: E402
from contextlib import suppress  # noqa: E402
from typing import NoReturn  # noqa: E402

from wksbm_cli.cli.main import run  # noqa: E402


def main() -> NoReturn:
    """Run the command of the command line and leave with its code."""
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # `run` has said what could not be shown
            stream.flush()
    # Files, index and lock are closed by now. Taking every module apart as well, as Python does at its end, is a tenth of
    # the time of a report.
    os._exit(code)


if __name__ == "__main__":
    main()
