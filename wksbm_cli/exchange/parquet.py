"""The book as a Parquet data set that DuckDB, Polars and pandas open as it is: one row per posting.

A file for each organisation and year, `organisation=rt-07/year=2026/postings.parquet`: the two are columns
by their folders' names. The other columns are those of `rows.Row`; docs/export.md describes them.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Trouble, Usage, Where, reason_of
from wksbm_cli.exchange.journal import Journal, Say
from wksbm_cli.exchange.rows import COLUMNS, PostingRow, rows

FILE = "postings.parquet"


def write(journal: Journal, say: Say, folder: Path) -> None:
    """Atomically replace `folder` by the data set.

    `Usage` where pyarrow is not installed, `Trouble` where the folder holds other things or cannot be written.
    """
    parquet, schema = _parquet_and_schema()
    parts: dict[Path, list[PostingRow]] = {}
    for row in rows(journal, say):
        parts.setdefault(Path(f"organisation={row.organisation}", f"year={row.date.year}"), []).append(row)
    folder = folder.absolute()
    try:
        _check_replaceable(folder)
        fresh = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
        try:
            fresh.mkdir(parents=True)
            for part, of_part in parts.items():
                (fresh / part).mkdir(parents=True)
                columns = [[getattr(row, name) for row in of_part] for name in schema.names]
                parquet.write_table(_table(columns, schema), fresh / part / FILE)
            _put_in_place(fresh, folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise Trouble(
            msg("The export could not be written: {reason}.", reason=reason_of(error)),
            where=Where(str(folder)),
        ) from None


def _parquet_and_schema() -> tuple[Any, Any]:
    """pyarrow's writer, and the schema of a file: texts, a day, a moment in UTC, and amounts as exact decimals.

    21 digits before the point hold a thousand members each paying the most a line may say (units.LARGEST_WHOLE).
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise Usage(
            msg("Parquet needs the library {library}, which is not installed.", library="pyarrow"),
            hint=msg("To install it, type: {command}", command='pip install "wksbm-cli[parquet]"'),
        ) from None
    types = {
        "date": pyarrow.date32(),
        "amount": pyarrow.decimal128(24, 3),
        "recorded": pyarrow.timestamp("s", tz="UTC"),
    }
    names = [name for name in COLUMNS if name != "organisation"]
    return parquet, pyarrow.schema([(name, types.get(name, pyarrow.string())) for name in names])


def _table(columns: list[list[Any]], schema: Any) -> Any:
    import pyarrow

    arrays = [pyarrow.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pyarrow.Table.from_arrays(arrays, schema=schema)


def _check_replaceable(folder: Path) -> None:
    """Only an earlier export is replaced, or nothing."""
    if folder.exists() and not _is_export(folder):
        raise Trouble(
            msg("This holds something else than an earlier export, and is left as it is."),
            where=Where(str(folder)),
            hint=msg("Name a new folder with --output."),
        )


def _is_export(folder: Path) -> bool:
    """Whether the folder contains only files of an export, so that replacing it deletes nothing else."""
    return folder.is_dir() and all(
        path.is_dir() if path.name.startswith(("organisation=", "year=")) else path.name == FILE
        for path in folder.rglob("*")
    )


def _put_in_place(fresh: Path, folder: Path) -> None:
    old = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    if folder.exists():
        folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
