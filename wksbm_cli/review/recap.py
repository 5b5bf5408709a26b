"""Comparing recapitulations with the tables they summarise, and closing balances with the next opening balances.

Tables of one fund are matched by the words of their titles; ambiguous matches are not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from wksbm_cli.domain.dates import MONTH_NAMES, Span
from wksbm_cli.domain.message import msg
from wksbm_cli.review.calendar import follows
from wksbm_cli.review.cash_book import ADD_UP, closing_balance, last_sums, opening_balance
from wksbm_cli.review.causes import Summand, likely_slip
from wksbm_cli.review.lists import IN, OUT, Stated, accounts_of, way_of
from wksbm_cli.review.outcome import Agreed, Discrepancy, Outcome, Spot, spot
from wksbm_cli.sheets.columns import plain
from wksbm_cli.sheets.figures import Figure
from wksbm_cli.sheets.tables import SheetTable

# Stop words of titles.
_COMMON = frozenset(
    "laporan keuangan pertanggungjawaban lpj bulan bulanan tahun tahunan th thn periode per buku umum dan di "  # noqa: SIM905
    "rekap rekapitulasi ringkasan saldo akhir awal sisa total jumlah catatan penerimaan pengeluaran pemasukan "
    "tanggal tgl sheet lembar halaman hal no mutasi data arus s d sd sampai dengan report of the month year "
    "a b c e f i ii iii iv v vi vii viii dana uang transaksi harian posisi keadaan untuk warga".split()
)


class _FundFigures(NamedTuple):
    """The totals of a fund in a table, and their places."""

    words: frozenset[str]
    file: str
    period: Span | None
    opening: tuple[Spot, Figure] | None
    closing: tuple[Spot, Figure] | None
    money_in: Figure | None
    money_out: Figure | None


def fund_words(text: str) -> frozenset[str]:
    """The words of a title that may name a fund: no months, years, numbers or words every report has."""
    return frozenset(
        word for word in plain(text).split() if word not in _COMMON and word not in MONTH_NAMES and not word.isdigit()
    )


def form_of(table: SheetTable) -> str:
    """The form of a table, by which it is checked: `cash book`, `matrix`, `list`, `recap` or `unknown`."""
    columns = table.columns
    if columns is not None and columns.is_matrix:
        return "matrix"
    if columns is not None and not columns.are_known:
        return "unknown"
    if table.is_recap or (columns is not None and columns.is_recap):
        return "recap"
    if columns is None or not columns.is_cash_book:
        return "list"
    return "recap" if _tells_of_funds(table) else "cash book"


def _tells_of_funds(table: SheetTable) -> bool:
    """Whether rows with in, out and balance are funds with independent balances rather than movements."""
    assert table.columns is not None
    columns = table.columns
    inward, outward, balance = columns.first("in"), columns.first("out"), columns.first("balance")
    rows = [row for row in table.rows if row.part == "entry" and balance in row.figures]
    if balance is None or table.columns.of("day") or any(row.day for row in table.rows) or len(rows) < 2:
        return False
    across = sum(
        row.figures[balance] == row.figures.get(inward, 0) - row.figures.get(outward, 0)  # type: ignore[arg-type]
        for row in rows
    )
    return across * 2 > len(rows)


def review_together(tables: Sequence[SheetTable]) -> Iterator[Outcome]:
    """Compare tables with each other: carried balances, and recapitulations."""
    told = [each for table in tables if not table.has_several_units for each in _told(table)]
    yield from _carried(told)
    for table in tables:
        if form_of(table) == "recap":
            yield from _recap(table, told)


def _told(table: SheetTable) -> Iterator[_FundFigures]:
    form = form_of(table)
    if form in ("matrix", "recap", "unknown"):
        return
    grid, period = table.grid, table.period
    if form == "cash book":
        opening, closing, sums = opening_balance(table), closing_balance(table), last_sums(table)
        yield _FundFigures(
            fund_words(f"{table.title} {grid.name}"),
            grid.file,
            period,
            (spot(grid, opening[0]), opening[1]) if opening else None,
            (spot(grid, closing[0]), closing[1]) if closing else None,
            sums.get(IN),
            sums.get(OUT),
        )
        return
    for account in accounts_of(table):
        sums = {way: each.figure for way, each in account.sums.items()}
        yield _FundFigures(
            fund_words(f"{account.title} {table.title} {grid.name}" if not account.title else account.title),
            grid.file,
            period,
            _placed(table, account.opening),
            _placed(table, account.closing),
            sums.get(IN),
            sums.get(OUT),
        )


def _placed(table: SheetTable, stated: Stated | None) -> tuple[Spot, Figure] | None:
    return None if stated is None else (spot(table.grid, stated.row, stated.column), stated.figure)


def _carried(told: Sequence[_FundFigures]) -> Iterator[Outcome]:
    """The closing balance of one period against the opening one of the period after it, of one fund."""
    for after in told:
        if after.opening is None:
            continue
        before = [
            each
            for each in told
            if each is not after
            and each.words == after.words
            and each.closing is not None
            and follows(each.period, after.period)
        ]
        if len(before) != 1 or before[0].closing is None:
            continue
        place, printed = after.opening
        closing_place, computed = before[0].closing
        if printed == computed:
            yield Agreed("carried")
            continue
        text = msg(
            "It begins with {printed}; {place} ends with {computed}.",
            printed=printed,
            place=_place(closing_place, place),
            computed=computed,
        )
        yield Discrepancy(place, "carried", text, printed, computed, likely_slip(printed, computed))


def _place(other: Spot, here: Spot) -> str:
    """Another place as said beside one: with its file where that is another."""
    return str(other) if other.file == here.file else f"{other.file} {other}"


def _recap(table: SheetTable, told: Sequence[_FundFigures]) -> Iterator[Outcome]:
    if table.columns is not None and (table.columns.is_recap or table.columns.is_cash_book):
        yield from _recap_in_columns(table, told)
        return
    listed: list[Summand] = []
    ways: dict[str, Figure] = {}
    opening: Figure = 0
    for row in table.rows:
        if not row.figures:
            continue
        column = max(row.figures)
        printed = row.figures[column]
        way = way_of(row.label)
        if row.part == "opening":
            opening = printed
            yield from _held_against(table, row.number, column, row.label, printed, told, "opening")
        elif way and not fund_words(row.label) - {"kas", "masuk", "keluar"} - _way_words(row.label):
            ways[way] = printed
            yield from _held_against(table, row.number, column, row.label, printed, told, way)
        elif row.part == "sum" or (row.part == "closing" and not fund_words(row.label)):
            yield from _sum_of_recap(table, row.number, column, row.label, printed, listed, ways, opening)
        else:
            listed.append((row.number, printed))
            yield from _held_against(table, row.number, column, row.label, printed, told, "closing")


def _way_words(label: str) -> frozenset[str]:
    return frozenset(word for word in plain(label).split() if way_of(word))


def _sum_of_recap(
    table: SheetTable,
    row: int,
    column: int,
    label: str,
    printed: Figure,
    listed: Sequence[Summand],
    ways: dict[str, Figure],
    opening: Figure,
) -> Iterator[Outcome]:
    meant: list[Figure] = []
    if listed:
        meant.append(sum(figure for _, figure in listed))
    if ways:
        left = ways.get(IN, 0) - ways.get(OUT, 0)
        meant += [left + opening, left]
    if not meant:
        return
    if printed in meant:
        yield Agreed("recap")
        return
    text = msg(
        '"{label}" says {printed}; the rows come to {computed}.', label=label[:60], printed=printed, computed=meant[0]
    )
    hint = likely_slip(printed, meant[0], listed)
    yield Discrepancy(spot(table.grid, row, column), "recap", text, printed, meant[0], hint, ADD_UP)


def _held_against(
    table: SheetTable, row: int, column: int, label: str, printed: Figure, told: Sequence[_FundFigures], what: str
) -> Iterator[Outcome]:
    """Compare a figure of a recapitulation with the one table it matches."""
    words = fund_words(label) - _way_words(label)
    candidates = [
        (each, figure) for each in told if (figure := _figure(each, what)) is not None and each.file == table.grid.file
    ]
    fitting = [(each, figure) for each, figure in candidates if words and (words <= each.words or each.words == words)]
    if not fitting and words:
        return
    if not words:
        fitting = candidates
    if len(fitting) > 1:
        same = [(each, figure) for each, figure in fitting if each.words == words]
        fitting = same if len(same) == 1 else fitting
    figures = {figure for _, figure in fitting}
    if what in (IN, OUT) and len(fitting) > 1 and not words:
        if printed in figures or printed == sum(figure for _, figure in fitting):
            yield Agreed("recap")
        return
    if len(fitting) != 1:
        if printed in figures:
            yield Agreed("recap")
        return
    computed = fitting[0][1]
    if printed == computed:
        yield Agreed("recap")
        return
    text = msg(
        '"{label}" says {printed}; where it is worked out it says {computed}.',
        label=label[:60],
        printed=printed,
        computed=computed,
    )
    yield Discrepancy(
        spot(table.grid, row, column), "recap", text, printed, computed, likely_slip(printed, computed), ADD_UP
    )


def _figure(told: _FundFigures, what: str) -> Figure | None:
    match what:
        case "in":
            return told.money_in
        case "out":
            return told.money_out
        case "opening":
            return told.opening[1] if told.opening else None
        case _:
            return told.closing[1] if told.closing else None


def _recap_in_columns(table: SheetTable, told: Sequence[_FundFigures]) -> Iterator[Outcome]:
    """A recapitulation with a row for each fund: across, what there was, came and went makes what is left; down, the sums."""
    assert table.columns is not None
    opening, inward, outward = (table.columns.first(part) for part in ("opening", "in", "out"))
    closing = table.columns.first("closing", "balance")
    across = [column for column in (opening, inward, outward, closing) if column is not None]
    down: dict[int, list[Summand]] = {column: [] for column in across}
    for row in table.rows:
        if row.part in ("heading", "note"):
            continue
        if closing is not None and closing in row.figures and (inward in row.figures or outward in row.figures):
            there, came, went = (
                0 if column is None else row.figures.get(column, 0) for column in (opening, inward, outward)
            )
            computed = there + came - went
            if row.part == "sum" and table.has_several_units:
                continue
            yield _across(table, row.number, closing, row.label, row.figures[closing], computed)
        if row.part == "sum":
            for column in across if not table.has_several_units else ():
                if column in row.figures and down[column]:
                    total = sum(figure for _, figure in down[column])
                    yield _across(table, row.number, column, row.label, row.figures[column], total, down[column])
            continue
        for said, what in ((opening, "opening"), (inward, IN), (outward, OUT), (closing, "closing")):
            if said is not None and said in row.figures:
                down[said].append((row.number, row.figures[said]))
                if fund_words(row.label):
                    yield from _held_against(table, row.number, said, row.label, row.figures[said], told, what)


def _across(
    table: SheetTable,
    row: int,
    column: int,
    label: str,
    printed: Figure,
    computed: Figure,
    summands: Sequence[Summand] = (),
) -> Outcome:
    if printed == computed:
        return Agreed("recap")
    text = (
        msg(
            '"{label}" says {printed}; the rows come to {computed}.',
            label=label[:60],
            printed=printed,
            computed=computed,
        )
        if summands
        else msg(
            '"{label}" ends with {printed}; what there was, came and went makes {computed}.',
            label=label[:60],
            printed=printed,
            computed=computed,
        )
    )
    return Discrepancy(
        spot(table.grid, row, column),
        "recap",
        text,
        printed,
        computed,
        likely_slip(printed, computed, summands),
        ADD_UP,
    )
