"""Reports as people make them by hand: ten layouts filled with made figures that agree, and slips planted into them.

Written without the product's code: figures, sums and balances are worked out here, once, and put into cells. A `Slip`
changes one cell, or one figure and nothing that rests on it, as a person who types does.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()  # noqa: SIM905
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
NAMES = (
    "Budi Santoso",
    "Tini Lestari",
    "Agus Wibowo",
    "Siti Aminah",
    "Joko Susilo",
    "Dewi Anggraini",
    "Slamet Riyadi",
    "Wati",
)
BOUGHT = ("Beli lampu jalan", "Besuk Pak Karno", "Konsumsi rapat", "Fotokopi surat", "Santunan Bu Darmi", "Cat gapura")
CAME = ("Iuran warga", "Jimpitan minggu ini", "Sumbangan Pak Lurah", "Sewa tenda", "Infak hamba Allah", "Denda ronda")


@dataclass
class Made:
    """A made report: cells by sheet. `arithmetic` are cells whose figure others must bear out: (sheet, row, column)."""

    layout: str
    sheets: dict[str, list[list[Any]]] = field(default_factory=dict)
    arithmetic: list[tuple[str, int, int]] = field(default_factory=list)
    days: list[tuple[str, int, int]] = field(default_factory=list)
    numbers: list[tuple[str, int, int]] = field(default_factory=list)
    words: list[tuple[str, int, int]] = field(default_factory=list)

    def rows(self, sheet: str) -> list[list[Any]]:
        return self.sheets.setdefault(sheet, [])

    def put(
        self, sheet: str, *cells: Any, sums: tuple[int, ...] = (), day: int | None = None, number: int | None = None
    ) -> int:
        rows = self.rows(sheet)
        rows.append(list(cells))
        at = len(rows) - 1
        self.arithmetic += [(sheet, at, column) for column in sums]
        if day is not None:
            self.days.append((sheet, at, day))
        if number is not None:
            self.numbers.append((sheet, at, number))
        return at

    def write(self, folder: Path, kind: str) -> list[str]:
        """The report as a workbook, or as one CSV a sheet."""
        if kind == "xlsx":
            from openpyxl import Workbook

            book = Workbook()
            book.remove(book.active)
            for name, rows in self.sheets.items():
                sheet = book.create_sheet(name)
                for row in rows:
                    sheet.append(row)
            path = folder / f"{self.layout}.xlsx"
            book.save(path)
            return [str(path)]
        paths = []
        for name, rows in self.sheets.items():
            path = folder / f"{name}.csv"
            path.write_text("\n".join(";".join(_written(cell) for cell in row) for row in rows), encoding="utf-8")
            paths.append(str(path))
        return paths


def _written(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    if type(cell) is int and abs(cell) >= 1000:
        return f"{cell:,}".replace(",", ".")
    return str(cell)


def rupiah(amount: int) -> str:
    return "Rp " + f"{amount:,}".replace(",", ".")


def dotted(amount: int) -> str:
    return "Rp. " + f"{amount:,}".replace(",", ".") + ",-"


def thousands(chance: random.Random, low: int = 5, high: int = 400) -> int:
    """A figure whose digits differ, so that a slip in it is one."""
    return chance.randint(low, high) * 1000 + chance.choice((0, 0, 500))


@dataclass
class Movement:
    day: date
    text: str
    came: int
    went: int


def movements(chance: random.Random, year: int, month: int, count: int) -> list[Movement]:
    days = sorted(chance.sample(range(1, 28), count))
    made = []
    for at, day in enumerate(days):
        came = at == 0 or chance.random() < 0.55
        text = f"{chance.choice(CAME if came else BOUGHT)} {chance.choice(NAMES)}"
        amount = thousands(chance, 40, 400) if came else thousands(chance, 5, 60)
        made.append(Movement(date(year, month, day), text, amount if came else 0, 0 if came else amount))
    return made


def cash_book(chance: random.Random) -> Made:
    """One month under six heads, the opening balance as a row, sums below."""
    made, year, month = Made("cash-book"), chance.randint(2021, 2026), chance.randint(1, 12)
    sheet = f"Kas {MONTHS[month - 1]}"
    made.put(sheet, "BUKU KAS RT 07")
    made.put(sheet, f"Bulan {MONTHS[month - 1]} {year}")
    made.put(sheet, "No", "Tanggal", "Uraian", "Masuk", "Keluar", "Saldo")
    balance = opening = thousands(chance, 500, 2000)
    made.put(sheet, None, None, "Saldo bulan lalu", None, None, balance)
    moves = movements(chance, year, month, chance.randint(6, 14))
    for at, move in enumerate(moves, start=1):
        balance += move.came - move.went
        made.put(
            sheet, at, move.day, move.text, move.came or None, move.went or None, balance, sums=(5,), day=1, number=0
        )
    came, went = sum(move.came for move in moves), sum(move.went for move in moves)
    made.put(sheet, None, None, "Jumlah", came, went, opening + came - went, sums=(3, 4, 5))
    return made


def cash_book_in_words(chance: random.Random) -> Made:
    """Days with weekdays and months in words, amounts as text, debit and credit, vouchers; the opening in the debit column."""
    made, year, month = Made("cash-book-in-words"), 2026, chance.randint(1, 12)
    sheet = "Buku Kas"
    made.put(sheet, "LAPORAN KEUANGAN JIMPITAN")
    made.put(sheet, f"PERIODE {MONTHS[month - 1].upper()} {year}")
    made.put(sheet)
    made.put(sheet, "Hari/Tanggal", "No. Bukti", "Keterangan", "Debet", "Kredit", "Sisa")
    opening = balance = thousands(chance, 300, 900)
    made.put(sheet, None, None, "Saldo awal", rupiah(balance), None, rupiah(balance))
    moves = movements(chance, year, month, chance.randint(6, 12))
    for at, move in enumerate(moves, start=1):
        balance += move.came - move.went
        written = f"{DAYS[move.day.weekday()]}, {move.day.day} {MONTHS[month - 1]} {year}"
        made.put(
            sheet,
            written,
            f"KW-{at:03d}",
            move.text,
            rupiah(move.came) if move.came else "-",
            rupiah(move.went) if move.went else "-",
            rupiah(balance),
            sums=(5,),
            day=0,
        )
    came, went = sum(move.came for move in moves), sum(move.went for move in moves)
    made.put(sheet, None, None, "JUMLAH", rupiah(opening + came), rupiah(went), rupiah(balance), sums=(3, 4, 5))
    return made


def months_below(chance: random.Random) -> Made:
    """A year in one sheet: a heading for each month, a sum after it, the balance carried on."""
    made, year, sheet = Made("months-below"), 2025, "Kas Sosial 2025"
    made.put(sheet, "Kas Sosial RT 03 Tahun 2025")
    made.put(sheet, "Tgl", "Uraian", "Pemasukan", "Pengeluaran", "Saldo")
    balance = thousands(chance, 200, 700)
    made.put(sheet, None, "Saldo tahun lalu", None, None, balance)
    for month in range(1, chance.randint(3, 6)):
        made.put(sheet, None, MONTHS[month - 1].upper())
        moves = movements(chance, year, month, chance.randint(3, 6))
        for move in moves:
            balance += move.came - move.went
            made.put(sheet, move.day, move.text, move.came or None, move.went or None, balance, sums=(4,), day=0)
        made.put(
            sheet,
            None,
            f"Jumlah {MONTHS[month - 1]}",
            sum(move.came for move in moves),
            sum(move.went for move in moves),
            None,
            sums=(2, 3),
        )
    return made


def sheet_a_month(chance: random.Random) -> Made:
    """A workbook with a sheet a month, each beginning with what the last ended with, and a recapitulation of the months."""
    made, year, balance = Made("sheet-a-month"), 2024, thousands(chance, 300, 900)
    ends = []
    for month in range(1, 5):
        sheet = MONTHS[month - 1]
        made.put(sheet, f"LAPORAN KAS DASAWISMA MELATI BULAN {sheet.upper()} {year}")
        made.put(sheet, "No", "Tanggal", "Keterangan", "Debet", "Kredit", "Saldo")
        opening = balance
        made.put(sheet, None, None, "Saldo awal", None, None, balance, sums=(5,) if month > 1 else ())
        moves = movements(chance, year, month, chance.randint(3, 6))
        for at, move in enumerate(moves, start=1):
            balance += move.came - move.went
            made.put(sheet, at, move.day, move.text, move.came or None, move.went or None, balance, sums=(5,), day=1)
        came, went = sum(move.came for move in moves), sum(move.went for move in moves)
        made.put(sheet, None, None, "Jumlah", came, went, balance, sums=(3, 4, 5))
        ends.append((sheet, opening, came, went, balance))
    made.put("Rekap", "REKAPITULASI TAHUN 2024")
    made.put("Rekap", "Bulan", "Saldo Awal", "Masuk", "Keluar", "Saldo Akhir")
    for row in ends:
        made.put("Rekap", *row, sums=(4,))
    return made


def accountability(chance: random.Random) -> Made:
    """The yearly report as circulated: funds one after another, lists of what came and went, a recapitulation, signatures."""
    made, sheet, funds = Made("accountability"), "LPJ", []
    made.put(sheet, "LAPORAN PERTANGGUNGJAWABAN KEUANGAN RT 31")
    made.put(sheet, "TAHUN 2025")
    for letter, fund in zip("ABC", ("KAS RT", "KAS SOSIAL", "KAS KEMATIAN"), strict=True):
        made.put(sheet)
        made.put(sheet, f"{letter}. {fund}")
        made.put(sheet, None, "Penerimaan")
        opening = thousands(chance, 200, 900)
        made.put(sheet, 1, "Saldo kas awal (sisa tahun 2024)", opening)
        total = opening
        for at in range(1, chance.randint(4, 8)):
            amount = thousands(chance, 100, 400)
            total += amount
            made.put(sheet, at + 1, f"Iuran bulan {MONTHS[at - 1]}", amount)
        made.put(sheet, None, "Jumlah Penerimaan", total, sums=(2,))
        made.put(sheet, None, "Pengeluaran")
        spent = 0
        for at in range(1, chance.randint(3, 6)):
            amount = thousands(chance, 10, 90)
            spent += amount
            made.put(sheet, at, chance.choice(BOUGHT), amount)
        made.put(sheet, None, "Jumlah Pengeluaran", spent, sums=(2,))
        made.put(sheet, None, "Saldo per 31 Desember 2025", total - spent, sums=(2,))
        funds.append((fund, total - spent))
    made.put(sheet)
    made.put(sheet, "REKAPITULASI SALDO")
    for at, (fund, left) in enumerate(funds, start=1):
        made.put(sheet, at, f"Saldo {fund.title()}", left, sums=(2,))
    made.put(sheet, None, "Jumlah seluruhnya", sum(left for _, left in funds), sums=(2,))
    made.put(sheet, None, "Balikpapan, 31 Desember 2025")
    made.put(sheet, None, "Ketua RT", None, "Bendahara")
    return made


def matrix(chance: random.Random) -> Made:
    """Households by months, sums at both ends."""
    made, sheet = Made("matrix"), "Iuran 2026"
    made.put(sheet, "DAFTAR IURAN WARGA TAHUN 2026")
    made.put(sheet, "No", "Nama", *(month[:3] for month in MONTHS), "Jumlah")
    down = [0] * 12
    for at, name in enumerate(NAMES, start=1):
        paid = [chance.choice((5000, 5000, 10000, 2500, None)) for _ in MONTHS]
        down = [total + (cell or 0) for total, cell in zip(down, paid, strict=True)]
        made.put(sheet, at, name, *paid, sum(cell or 0 for cell in paid), sums=(14,), number=0)
    made.put(sheet, None, "Jumlah", *down, sum(down), sums=tuple(range(2, 15)))
    return made


def nights(chance: random.Random) -> Made:
    """Houses by the nights of a month."""
    made, sheet = Made("nights"), "Jimpitan"
    made.put(sheet, "REKAP JIMPITAN MALAM BULAN MARET 2026")
    made.put(sheet, "Rumah", *range(1, 32), "Total")
    down = [0] * 31
    for house in range(1, 11):
        given = [chance.choice((500, 500, 1000, None)) for _ in range(31)]
        down = [total + (cell or 0) for total, cell in zip(down, given, strict=True)]
        made.put(sheet, f"Rumah {house}", *given, sum(cell or 0 for cell in given), sums=(32,))
    made.put(sheet, "Total", *down, sum(down), sums=tuple(range(1, 33)))
    return made


def recapitulation(chance: random.Random) -> Made:
    """Funds as rows: what there was, came, went and is left."""
    made, sheet, sums = Made("recapitulation"), "Posisi Dana", [0, 0, 0, 0]
    made.put(sheet, "POSISI KEUANGAN PER 30 JUNI 2026")
    made.put(sheet, "No", "Dana", "Saldo Awal", "Penerimaan", "Pengeluaran", "Saldo Akhir")
    for at, fund in enumerate(("Kas RT", "Dana Kematian", "Jimpitan", "Lumbung", "PKK"), start=1):
        row = [thousands(chance, 300, 900), thousands(chance, 100, 400), thousands(chance, 10, 90)]
        row.append(row[0] + row[1] - row[2])
        sums = [total + cell for total, cell in zip(sums, row, strict=True)]
        made.put(sheet, at, fund, *row, sums=(5,), number=0)
    made.put(sheet, None, "Jumlah", *sums, sums=(2, 3, 4, 5))
    return made


def costs(chance: random.Random) -> Made:
    """What a feast cost: so many at so much, a sum, and the amount in words."""
    from num2words import num2words

    made, sheet, total = Made("costs"), "Agustusan", 0
    made.put(sheet, "RINCIAN BIAYA PERINGATAN HUT RI TAHUN 2026")
    made.put(sheet, "No", "Uraian", "Volume", "Harga Satuan", "Jumlah")
    for at in range(1, chance.randint(5, 9)):
        count, price = chance.randint(2, 40), chance.randint(3, 60) * 500
        total += count * price
        made.put(sheet, at, f"{chance.choice(BOUGHT)} {at}", count, price, count * price, sums=(4,), number=0)
    made.put(sheet, None, "Jumlah", None, None, total, sums=(4,))
    at = made.put(sheet, None, f"Terbilang: {num2words(total, lang='id')} rupiah")
    made.words.append((sheet, at, 1))
    return made


def message(chance: random.Random) -> Made:
    """What is posted in the neighbours' chat: lines of text, amounts at their ends."""
    made, sheet = Made("message"), "pesan"
    opening = thousands(chance, 300, 900)
    made.put(sheet, "*LAPORAN KAS RT 05*")
    made.put(sheet, "Bulan Mei 2026")
    made.put(sheet, "Saldo awal", dotted(opening))
    made.put(sheet, "Pemasukan:")
    came = [thousands(chance, 100, 300) for _ in range(chance.randint(2, 5))]
    for at, amount in enumerate(came):
        made.put(sheet, CAME[at], dotted(amount))
    made.put(sheet, "Total pemasukan", dotted(sum(came)), sums=(1,))
    made.put(sheet, "Pengeluaran:")
    went = [thousands(chance, 10, 60) for _ in range(chance.randint(2, 5))]
    for at, amount in enumerate(went):
        made.put(sheet, BOUGHT[at], dotted(amount))
    made.put(sheet, "Total pengeluaran", dotted(sum(went)), sums=(1,))
    made.put(sheet, "Saldo akhir", dotted(opening + sum(came) - sum(went)), sums=(1,))
    return made


LAYOUTS: tuple[Callable[[random.Random], Made], ...] = (
    *(cash_book, cash_book_in_words, months_below, sheet_a_month, accountability),
    *(matrix, nights, recapitulation, costs, message),
)


def plant(made: Made, place: tuple[str, int, int], chance: random.Random) -> str:
    """Change one figure as people do: two digits the other way round, a wrong digit, a zero too many. What was done."""
    sheet, row, column = place
    cells = made.sheets[sheet][row]
    before = cells[column]
    digits = str(before) if type(before) is int else "".join(filter(str.isdigit, str(before).removesuffix(",-")))
    value = int(digits)
    for _ in range(50):
        how = chance.choice(("swap", "digit", "zero", "digit"))
        after = _changed(value, how, chance)
        if after not in (value, 0):
            break
    cells[column] = after if type(before) is int else dotted(after) if str(before).endswith(",-") else rupiah(after)
    return f"{sheet} row {row + 1} column {column + 1}: {before} -> {cells[column]} ({how})"


def _changed(value: int, how: str, chance: random.Random) -> int:
    digits = list(str(value))
    if how == "zero":
        return value * 10
    if how == "swap":
        at = chance.randrange(max(1, len(digits) - 1))
        digits[at : at + 2] = digits[at : at + 2][::-1]
    else:
        at = chance.randrange(len(digits))
        digits[at] = str((int(digits[at]) + chance.randint(1, 9)) % 10)
    return int("".join(digits))


def plant_day(made: Made, place: tuple[str, int, int], chance: random.Random) -> str:
    """A day that is not in the calendar, in another year, or before the one above it."""
    sheet, row, column = place
    cells = made.sheets[sheet][row]
    before = cells[column]
    if isinstance(before, date):
        earlier = before - timedelta(days=400)
        cells[column] = chance.choice((f"31/{chance.choice((2, 4, 6, 9, 11))}/{before.year}", earlier))
    else:
        weekday, _, rest = str(before).partition(", ")
        cells[column] = f"{DAYS[(DAYS.index(weekday) + chance.randint(1, 6)) % 7]}, {rest}"
    return f"{sheet} row {row + 1}: {before} -> {cells[column]}"
