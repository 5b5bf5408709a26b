"""CSV files as people have them: any delimiter, a BOM or none, UTF-8 or Windows-1252, Indonesian or English heads."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Problem, Refused, Usage, Where
from wksbm_cli.domain.slug import nearest_hint

# Other words for a column, in the heads of real sheets.
_HEADS: dict[str, tuple[str, ...]] = {
    "id": ("kode", "member", "anggota", "kk", "rumah", "no"),
    "name": ("nama", "kepala keluarga"),
    "joined": ("masuk", "bergabung", "tanggal masuk"),
    "class": ("golongan", "kelas"),
    "date": ("tanggal", "tgl", "malam"),
    "member": ("rumah", "anggota", "kk", "warga", "kode", "id"),
    "amount": ("nominal", "jumlah", "rupiah"),
    "collector": ("petugas", "penarik"),
    "note": ("catatan", "keterangan"),
}
# Where a file has more columns or rows than this it is no sheet of a neighbourhood.
_MOST_ROWS = 500_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file and its cells by the names asked for. A cell never typed is ''."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.cells[key]

    def get(self, key: str) -> str | None:
        """The cell's text, or None where the column or the text is missing."""
        return self.cells.get(key) or None


@dataclass(slots=True)
class Sheet:
    """A read file. Rows that cannot be used are gathered, so that one run names every one of them."""

    path: str
    rows: list[Row]
    _wrong: list[Message] = field(default_factory=list)

    @contextmanager
    def collecting(self) -> Iterator[Collect]:
        """Within it, `with collect(row):` turns a `Problem` into a finding; at its end all are raised as one."""
        yield Collect(self._wrong)
        if self._wrong:
            raise Refused(
                msg("Nothing was recorded: the file has rows that cannot be used."),
                where=Where(self.path),
                details=self._wrong,
                hint=msg("Mend these rows, then type the command again."),
            )


@dataclass(slots=True)
class Collect:
    """Gathers what is wrong with rows."""

    wrong: list[Message]

    @contextmanager
    def __call__(self, row: Row) -> Iterator[None]:
        try:
            yield
        except Problem as problem:
            self.wrong.append(msg("line {line}: {what}", line=str(row.number), what=problem.text))


def read_sheet(
    path: str,
    *,
    required: Sequence[str] = (),
    optional: Sequence[str] = (),
    delimiter: str | None = None,
    encoding: str | None = None,
) -> Sheet:
    """The rows of a CSV file with the columns asked for; without any, under the heads as they stand.

    UTF-8 unless it cannot be, then Windows-1252; the delimiter is whichever of `,;tab` the head has most of.
    """
    text = _read_text(Path(path), encoding)
    if "\0" in text:
        raise Usage(msg("This is not a CSV file: it holds bytes that are no text."), where=Where(path))
    head_line = text.split("\n", 1)[0]
    mark = delimiter or max(",;\t", key=head_line.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=mark, strict=True)
    try:
        heads = [head.strip() for head in next(reader, [])]
        columns = (
            _columns(heads, required, optional, path)
            if required or optional
            else {head: at for at, head in enumerate(heads)}
        )
        rows = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(heads):
                raise Usage(
                    msg("This row has {count} cells, the head has {heads}.", count=len(cells), heads=len(heads)),
                    where=Where(path, reader.line_num),
                )
            rows.append(
                Row(
                    reader.line_num,
                    {name: cells[at].strip() if at < len(cells) else "" for name, at in columns.items()},
                )
            )
            if len(rows) > _MOST_ROWS:
                raise Usage(msg("The file has more than {most} rows.", most=_MOST_ROWS), where=Where(path))
    except csv.Error as error:
        raise Usage(
            msg("This is not a proper CSV file: {reason}.", reason=str(error)),
            hint=msg("Look for a quotation mark that is not closed."),
            where=Where(path, reader.line_num),
        ) from None
    return Sheet(path, rows)


def _read_text(path: Path, encoding: str | None) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Usage(
            msg("The file cannot be read: {reason}.", reason=error.strerror or str(error)), where=Where(str(path))
        ) from None
    try:
        return data.decode(encoding or "utf-8-sig")
    except LookupError:
        raise Usage(msg('The encoding "{name}" is not known.', name=encoding)) from None
    except UnicodeDecodeError:
        if encoding:
            raise Usage(msg("The file is not in the encoding {name}.", name=encoding), where=Where(str(path))) from None
        return data.decode("cp1252", errors="replace")


def _columns(heads: Sequence[str], required: Sequence[str], optional: Sequence[str], path: str) -> dict[str, int]:
    """Where each column asked for stands, by its own name or another word for it; each head serves once."""
    places = {head.casefold(): at for at, head in reversed(list(enumerate(heads)))}
    found: dict[str, int] = {}
    for name in (*required, *optional):
        for word in (name, *_HEADS.get(name, ())):
            if word in places and places[word] not in found.values():
                found[name] = places[word]
                break
        else:
            if name in required:
                words = " / ".join((name, *_HEADS.get(name, ())[:2]))
                raise Usage(
                    msg('The file has no column "{column}".', column=words),
                    hint=nearest_hint(name, heads) or msg("Its first line must name the columns."),
                    where=Where(path, 1),
                )
    return found
