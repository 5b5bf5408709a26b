"""Classifying the columns of a sheet by their heads and contents."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from wksbm_cli.domain.dates import MONTH_NAMES
from wksbm_cli.sheets.figures import read_figure
from wksbm_cli.sheets.grid import Cell

# A `number` counts the rows, a `voucher` names a receipt; `in`, `out` and `balance` are a cash book's; `opening` and
# `closing` those of a recapitulation; `period` is one month or night of a matrix, `total` the sum behind them.
Part = Literal[
    "number",
    "day",
    "voucher",
    "text",
    "in",
    "out",
    "balance",
    "opening",
    "closing",
    "amount",
    "quantity",
    "price",
    "period",
    "total",
    "unit",
    "unknown",
]  # fmt: skip

_HEADS: tuple[tuple[Part, str], ...] = (
    ("number", r"no(mor)?( urut)?|nr|urut"),
    ("voucher", r"(no(mor)? )?(bukti|kuitansi|kwitansi|nota|kw|bkt|voucher)( (kas|transaksi|no))?|receipt( no)?|ref"),
    ("day", r"(hari )?(tanggal|tgl|date)( (transaksi|bayar|setor))?|hari"),
    ("opening", r"saldo awal|awal|sisa lalu|saldo (bulan |tahun )?lalu|opening( balance)?"),
    ("closing", r"saldo akhir|akhir|closing( balance)?"),
    ("balance", r"saldo( kas)?|sisa( kas| saldo)?|balance"),
    (
        "in",
        r"(uang |kas |jumlah )?(masuk|pemasukan|penerimaan|terima|pendapatan|diterima)|deb(e|i)t|in(come)?|receipts?|tambah",
    ),
    (
        "out",
        r"(uang |kas |jumlah )?(keluar|pengeluaran|penyaluran|belanja|dikeluarkan)|(k|c)redit|out|expenses?|payments?|kurang",
    ),
    ("unit", r"satuan|unit"),
    (
        "quantity",
        r"(vol(ume)?|qty|banyak(nya)?|jml|kk|jumlah (kk|orang|rumah|warga|barang)|frekuensi|bulan)|"
        r"orang|jiwa|kali|penerima|peserta|people|persons|times|households|rumah tangga",
    ),
    ("price", r"harga( satuan)?|tarif|iuran( per kk)?|@|harga per satuan|per kk|price"),
    ("amount", r"jumlah|nominal|besar(nya)?|nilai|rupiah|rp|total|amount|biaya|jumlah (uang|rupiah|harga|total)|sum"),
    (
        "text",
        r"(nama|uraian|keterangan|keperluan|perihal|kegiatan|jenis|ket|description|name|pos|dana|fund|warga|anggota|kk|"
        r"kepala keluarga|transaksi|rincian|sumber|item|details?)\b.*",
    ),
)
_MATCHERS = tuple((part, re.compile(pattern)) for part, pattern in _HEADS)
_TOTAL = re.compile(r"(jumlah|total|jml|sum)( (bayar|setahun|total))?")
# With at least so many months or nights side by side, a table is a matrix.
_MOST_HEADS_ROWS = 2
_MATRIX = 3


class Columns(NamedTuple):
    """The columns of a table: the class and the head of each, by position."""

    parts: Mapping[int, Part]
    titles: Mapping[int, str]

    def of(self, *parts: Part) -> list[int]:
        return [column for column, part in self.parts.items() if part in parts]

    def first(self, *parts: Part) -> int | None:
        return next(iter(self.of(*parts)), None)

    @property
    def are_known(self) -> bool:
        """Whether columns of figures could be classified."""
        return bool(self.of("in", "out", "balance", "opening", "closing", "amount", "period"))

    @property
    def is_recap(self) -> bool:
        """Whether a row tells of a whole fund or month: what there was, came, went and is left."""
        return bool(self.of("opening", "closing")) and bool(self.of("in", "out", "closing"))

    @property
    def is_matrix(self) -> bool:
        return len(self.of("period")) >= _MATRIX

    @property
    def is_cash_book(self) -> bool:
        return bool(self.of("in") and self.of("out")) or bool(self.of("balance") and self.of("in", "out", "amount"))


def plain(text: str) -> str:
    """Words without brackets, points and signs, in small letters: `Jumlah (Rp.)` is `jumlah`."""
    bare = re.sub(r"\([^)]*\)", " ", text.lower()) or text.lower()
    return " ".join(re.sub(r"[^\w@]+", " ", bare).split())


def read_heads(cells: Sequence[Cell]) -> Columns | None:
    """The columns of a row of heads; None where the row is none."""
    parts: dict[int, Part] = {}
    titles: dict[int, str] = {}
    for column, cell in enumerate(cells):
        if cell is None:
            continue
        if type(cell) is int and 1 <= cell <= 31:
            parts[column], titles[column] = "period", str(cell)
            continue
        if type(cell) is not str or len(cell) > 60:
            return None
        words = plain(cell)
        part = _part_of(words)
        if part == "unknown" and read_figure(cell) is not None and not words.isdigit():
            return None
        if words.isdigit():
            part = "period" if 1 <= int(words) <= 31 else "unknown"
        parts[column], titles[column] = part, cell
    return _settled(parts, titles)


def unknown_heads(cells: Sequence[Cell]) -> Columns | None:
    """A row of words only, taken as heads of unclassified columns; None for any other row."""
    said = {column: cell for column, cell in enumerate(cells) if cell is not None}
    if len(said) < _MATRIX or any(type(cell) is not str or any(map(str.isdigit, cell)) for cell in said.values()):
        return None
    return Columns(dict.fromkeys(said, "unknown"), {column: str(cell) for column, cell in said.items()})


def _part_of(words: str) -> Part:
    if words in MONTH_NAMES or (words.split()[:1] and words.split()[0] in MONTH_NAMES and len(words.split()) <= 2):
        return "period"
    return next((part for part, pattern in _MATCHERS if pattern.fullmatch(words)), "unknown")


def _settled(parts: dict[int, Part], titles: dict[int, str]) -> Columns | None:
    """Resolve ambiguous heads by the other columns; some words are heads only beside others."""
    periods = [column for column, part in parts.items() if part == "period"]
    if periods and not _follow(periods, titles):
        if all(titles[column].isdigit() for column in periods):
            # A line of column numbers (1 2 3 4) below the heads, or a row of figures.
            return None
        for column in periods:
            parts[column] = "unknown"
        periods = []
    if len(periods) >= _MATRIX:
        behind = [column for column in parts if column > periods[-1]]
        for column in behind:
            if _TOTAL.fullmatch(plain(titles[column])):
                parts[column] = "total"
                break
    known: set[Part] = set(parts.values()) - {"unknown"}
    if "amount" in known and not known & {"balance", "closing"} and len(known & {"in", "out"}) == 1:
        # "Penerimaan | Jumlah": the head says what the list below it is of.
        parts.update({column: "text" for column, part in parts.items() if part in ("in", "out")})
        known = set(parts.values()) - {"unknown"}
    figures = known & {"in", "out", "balance", "opening", "closing", "amount", "period", "price"}
    if len(known) < 2 or not figures:
        return None
    return Columns(parts, titles)


def _follow(columns: Sequence[int], titles: Mapping[int, str]) -> bool:
    """Whether columns stand side by side under months or nights that follow each other."""
    if len(columns) < _MATRIX or any(after != before + 1 for before, after in pairwise(columns)):
        return False
    names = [_ordinal(titles[column]) for column in columns]
    return all(after == before + 1 or (before == 12 and after == 1) for before, after in pairwise(names))


def _ordinal(title: str) -> int:
    words = plain(title).split()
    return int(words[0]) if words[0].isdigit() else MONTH_NAMES.get(words[0], 0)


def joined_heads(upper: Columns, above: Sequence[Cell], below: Sequence[Cell]) -> Columns | None:
    """Two rows of heads as one: `Jumlah` over `Masuk` and `Keluar`. None where the lower row is none."""
    if any(type(cell) is not str for cell in below if cell is not None) or not any(below):
        return None
    lower = {column: _part_of(plain(cell)) for column, cell in enumerate(below) if type(cell) is str}
    if len(lower) < 2 or "unknown" in lower.values():  # one word alone is a heading of the rows below it
        return None
    titles = {**upper.titles, **{column: str(below[column]) for column in lower}}
    return Columns({**upper.parts, **lower}, titles)
