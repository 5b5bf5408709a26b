"""The gallery of errors: what `check` finds and what a recording is refused for, each from an example that is run.

`page` makes docs/errors.md and docs/id/galat.md; tests/check/test_gallery.py holds the pages to it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import Typist
from tests.damaged import Damaged
from wksbm_cli.cli.names import COMMANDS, OPTIONS
from wksbm_cli.domain.arisan import draw
from wksbm_cli.domain.rules import RULES

KAS, DONASI, JIMPITAN = "rt-07/kas-sosial", "rt-07/donasi", "rt-07/jimpitan"
SIMPAN, ARISAN, ZAKAT = "rt-07/simpan-pinjam", "rt-07/arisan", "rt-07/zakat"
_FIRST_WINNER = draw("bulan purnama", 1, ["s1", "s2", "s3"])
_OTHERS = [slot for slot in ("s1", "s2", "s3") if slot != _FIRST_WINNER]

# Recorded after all that the book is laid out with.
_AFTER = "2026-03-01T19:30:00+07:00"

Damage = Callable[[Damaged], object]


@dataclass(frozen=True)
class Case:
    """One finding: its code, what was done to the book (in English and Indonesian), and how."""

    code: str
    en: str
    id: str
    damage: Damage


@dataclass(frozen=True)
class Chapter:
    """Findings of one sort, under a title."""

    en: str
    id: str
    cases: tuple[Case, ...]


def put(table: str, fund: str = KAS, year: int = 2026, at: str = "2026-03-01T18:00:00+07:00") -> Damage:
    return lambda damaged: damaged.put(table, fund, year, at)


def puts(*tables: str, fund: str = KAS) -> Damage:
    return lambda damaged: [damaged.put(table, fund) for table in tables]


def rewrite(old: str, new: str, name: str = f"{KAS}/2026.toml") -> Damage:
    return lambda damaged: damaged.rewrite(lambda text: text.replace(old, new), name)


def _twice(damaged: Damaged) -> None:
    of = damaged.book.lines()[2].split()[0]
    for by, reason in (("siti", "Salah ketik"), ("budi", "Bukan Bu Karsini")):
        damaged.put(
            f'date = 2026-02-20, kind = "reversal", of = "{of}", reason = "{reason}", by = "{by}",'
            " at = 2026-03-01T18:00:00+07:00"
        )


def _closed(damaged: Damaged) -> None:
    damaged.book.must("close", "2026-01", "--fund", "kas-sosial")


def _late(damaged: Damaged) -> None:
    _closed(damaged)
    damaged.put('date = 2026-01-30, kind = "income", amount = 7000, from = "Bank"', at="2026-03-01T19:30:00+07:00")


def _lost(damaged: Damaged) -> None:
    _closed(damaged)
    line = damaged.book.lines()[1]
    damaged.rewrite(lambda text: text.replace(line + "\n", ""))


def _exempted(damaged: Damaged) -> None:
    _closed(damaged)
    damaged.rewrite(
        lambda text: text.replace(
            'name = "Tini Lestari"', 'name = "Tini Lestari"\nexemptions = [{ from = 2026-01-01 }]'
        ),
        "rt-07/members.toml",
    )


def _moved(damaged: Damaged) -> None:
    damaged.book.must("fund", "due", "kas-sosial", "kebersihan", "2000", "--from", "2026-01-01")
    _closed(damaged)
    _, paid, *_ = damaged.book.lines()
    damaged.rewrite(lambda text: text.replace(f"{paid}\n", ""))
    table = paid.partition(" = { ")[2].removesuffix(" }")
    damaged.put(table.replace('due = "iuran-sosial"', 'due = "kebersihan"'))


def _decided_twice(damaged: Damaged) -> None:
    damaged.book.must("member", "edit", "r001", "--name", "Budi Susanto")
    damaged.put(
        'date = 2026-03-01, kind = "decision", fact = "members.r001.name", was = "Budi Santoso", now = "Budi Santosa",'
        ' by = "tini", at = 2026-03-01T20:00:00+07:00',
        "rt-07",
    )


def _loan(damaged: Damaged) -> str:
    return damaged.put(
        'date = 2026-01-02, kind = "loan", amount = 100000, member = "r001", rate = 1, method = "flat",'
        ' instalments = 10, cycle = "month"',
        SIMPAN,
    )


def _saved(damaged: Damaged, amount: int) -> None:
    damaged.put(f'date = 2026-01-05, kind = "saving", amount = {amount}, member = "r001", class = "wajib"', SIMPAN)


def _terms(damaged: Damaged, term: str) -> None:
    damaged.rewrite(lambda text: text.replace("[loans]", f"[loans]\n{term}"), f"{SIMPAN}/fund.toml")


def _win(round_: int, slot: str, left: Sequence[str]) -> str:
    slots = ", ".join(f'"{one}"' for one in left)
    return (
        f'date = 2026-0{round_}-02, kind = "win", slot = "{slot}", round = {round_}, method = "draw",'
        f' seed = "bulan purnama", candidates = [{slots}]'
    )


def _payout(round_: int, slot: str, amount: int) -> str:
    return f'date = 2026-0{round_}-02, kind = "payout", slot = "{slot}", round = {round_}, members = {{ r00{slot[1]} = {amount} }}'


def _limit(damaged: Damaged, above: int) -> None:
    damaged.rewrite(lambda text: text + 'chair = "Harno Wiyono"\n', "rt-07/organisation.toml")
    damaged.rewrite(
        lambda text: text + f"\n[[giving.approval]]\nfrom = 2026-02-01\nabove = {above}\n", f"{KAS}/fund.toml"
    )


def _index(damaged: Damaged) -> None:
    import sqlite3

    from wksbm_cli.book.folder import Folder
    from wksbm_cli.index import cache

    damaged.book.must("balance")
    with cache.changing(Folder(damaged.path(""))), sqlite3.connect(damaged.path(".wksbm/index.sqlite")) as connection:
        connection.execute("UPDATE place_month SET inflow = inflow + 1000000")


# Found by computing for a minute: 48 bits are enough against slips only.
SAME_ID = [
    f'82d846f7787d = {{ date = 2026-02-10, kind = "income", amount = {amount}, from = "Bank", note = "{note}",'
    ' by = "siti", at = 2026-03-01T18:00:00+07:00 }'
    for amount, note in ((5000, "3833b122985c"), (500000, "273fa53a3f8b"))
]
_SPEND = 'date = 2026-02-05, kind = "expense", amount = 5000, purpose = "Fotokopi"'
_NIGHT = 'date = 2026-01-05, kind = "contribution", due = "jimpitan", members = { r001 = 500, r002 = 500 }'
_TAKEN = (
    'date = {day}, kind = "opening", amount = {left}, won = ["s1"], '
    "paid = {{ r001 = 50000, r002 = 50000, r003 = 50000 }}, received = {{ r001 = {received} }}"
)
_DEATH = (
    "\n[[death]]\nfrom = 2026-01-01\ntiers = [{ amount = 30000 }]\n"
    '[deaths.2026-02-20-r003]\nmember = "r003"\ndeceased = "Mbah Wiryo"\ndate = 2026-02-20\n'
)
_BENEFIT = (
    'date = 2026-03-01, kind = "disbursement", amount = 30000, to = "Bu Wiryo", purpose = "Santunan kematian", '
    'event = "2026-02-20-r003"'
)
_HELP = 'date = 2026-02-05, kind = "disbursement", amount = 50000, purpose = "Santunan"'

CHAPTERS = (
    Chapter(
        "Lines and files",
        "Baris dan berkas",
        (
            Case("changed", "An amount was changed in an editor.", "Sebuah jumlah diubah di editor.",
                 rewrite("amount = 1000000", "amount = 900000")),
            Case("duplicate", "A line was pasted into another fund.", "Sebuah baris ditempel ke dana lain.",
                 lambda damaged: damaged.append(damaged.book.lines()[1], JIMPITAN)),
            Case("same-id", "Two lines were made to have one id of format 1.",
                 "Dua baris dibuat supaya punya satu id format 1.",
                 lambda damaged: [damaged.append(line) for line in SAME_ID]),
            Case("other-fund", "A line was moved to another fund.", "Sebuah baris dipindah ke dana lain.",
                 lambda damaged: (damaged.append(line := damaged.book.lines()[1], JIMPITAN),
                                  damaged.rewrite(lambda text: text.replace(line + "\n", "")))),
            Case("renamed", "The folder of a fund was given another name.", "Folder sebuah dana diganti namanya.",
                 lambda damaged: damaged.path(KAS).rename(damaged.path("rt-07/kas-rt"))),
            Case("year", "A line was moved to the ledger of another year.", "Sebuah baris dipindah ke buku tahun lain.",
                 lambda damaged: (damaged.append(line := damaged.book.lines()[1], year=2025),
                                  damaged.rewrite(lambda text: text.replace(line + "\n", "")))),
            Case("syntax", "Something was written between the lines.", "Sesuatu ditulis di antara baris.",
                 lambda damaged: damaged.append("uang kas masih kurang 5000")),
            Case("schema", "An amount was written with a point.", "Sebuah jumlah ditulis dengan titik.",
                 put('date = 2026-02-05, kind = "income", amount = 50.000, from = "Bank"')),
            Case("encoding", "A program saved the file in another encoding.", "Sebuah program menyimpan berkas dengan enkode lain.",
                 lambda damaged: damaged.path(f"{KAS}/2026.toml").write_bytes(
                     damaged.path(f"{KAS}/2026.toml").read_bytes().replace(b"Besuk", b"Bes\xfck"))),
            Case("torn", "The power failed while a line was being written.", "Listrik padam saat sebuah baris ditulis.",
                 lambda damaged: damaged.append(damaged.book.lines()[1][:60], end="")),
            Case("interrupted", "The power failed while a whole sheet was being recorded.",
                 "Listrik padam saat selembar setoran sedang dicatat.",
                 lambda damaged: damaged.path(".wksbm/write-ahead.json").write_text("[]")),
            Case("no-line-end", "An editor took the last line end away.", "Editor menghapus akhir baris terakhir.",
                 lambda damaged: damaged.rewrite(lambda text: text.removesuffix("\n"))),
            Case("header-missing", "The line `[transactions]` was removed.", "Baris `[transactions]` dihapus.",
                 rewrite("[transactions]\n", "")),
            Case("header-twice", "Two new year's files were merged.", "Dua berkas tahun baru digabung.",
                 lambda damaged: damaged.append("[transactions]")),
            Case("line-ends", "An editor on Windows saved the file.", "Berkas disimpan editor di Windows.",
                 rewrite("\n", "\r\n")),
            Case("lost", "A ledger was deleted.", "Sebuah berkas buku dihapus.",
                 lambda damaged: (damaged.book.must("balance"), damaged.book.ledger(DONASI).unlink())),
            Case("unreadable", "The ledger was replaced by a folder.", "Berkas buku diganti dengan folder.",
                 lambda damaged: damaged.path("rt-07/lumbung/2026.toml").mkdir()),
            Case("stray-file", "A synchronised folder left a copy behind.", "Folder tersinkron meninggalkan salinan.",
                 lambda damaged: damaged.path(f"{KAS}/2026 (konflik).toml").touch()),
            Case("register", "A word in fund.toml was misspelt.", "Sebuah kata di fund.toml salah eja.",
                 rewrite('type = "social"', 'tipe = "social"', f"{KAS}/fund.toml")),
        ),
    ),
    Chapter(
        "Names that no register has",
        "Nama yang tidak ada di daftar mana pun",
        (
            Case("unknown-member", "A member was removed from members.toml.", "Seorang anggota dihapus dari members.toml.",
                 rewrite('[r001]\nname = "Budi Santoso"\n', "", "rt-07/members.toml")),
            Case("unknown-due", "A due was removed from fund.toml.", "Sebuah iuran dihapus dari fund.toml.",
                 rewrite("dues.iuran-sosial", "dues.iuran-warga", f"{KAS}/fund.toml")),
            Case("unknown-unit", "A unit stands in no line of book.toml.", "Sebuah satuan tidak ada di book.toml.",
                 put('date = 2026-02-05, kind = "donation", amount = 5, unit = "gula", from = "Bu RW", source = "individual"')),
            Case("unknown-fund", "Money went to a fund that is not there.", "Uang dipindah ke dana yang tidak ada.",
                 put('date = 2026-02-05, kind = "transfer", amount = 5, to_fund = "rt-07/kas-rt", to_place = "kas", reason = "Iuran"')),
            Case("unknown-place", "A place stands in no line of fund.toml.", "Sebuah tempat tidak ada di fund.toml.",
                 put('date = 2026-02-05, kind = "income", amount = 5000, from = "Bank", place = "brankas"')),
        ),
    ),
    Chapter(
        "Rules of the group",
        "Aturan kelompok",
        (
            Case("restriction", "Donated money paid a running cost.", "Uang donasi membayar biaya operasional.",
                 put(_SPEND, DONASI)),
            Case("before-opening", "Interest of before the opening balance was recorded.",
                 "Bunga dari sebelum saldo awal dicatat.",
                 put('date = 2025-12-30, kind = "income", amount = 7000, from = "Bank"', year=2025, at="2026-03-01T19:30:00+07:00")),
            Case("saved-as-income", "Savings were recorded as a contribution.", "Simpanan dicatat sebagai iuran.",
                 put('date = 2026-02-05, kind = "contribution", members = { r001 = 20000 }', SIMPAN)),
            Case("member-left", "Someone who has left paid a due.", "Orang yang sudah keluar membayar iuran.",
                 lambda damaged: (damaged.book.must("member", "leave", "r002", "--date", "2026-01-31", "--debts", "owed"),
                                  damaged.put('date = 2026-02-05, kind = "contribution", members = { r002 = 5000 }'))),
            Case("night-twice", "Two people recorded one night.", "Dua orang mencatat malam yang sama.",
                 lambda damaged: (damaged.put(_NIGHT, JIMPITAN, at="2026-01-05T21:00:00+07:00"),
                                  damaged.put(_NIGHT.replace("r002", "r003"), JIMPITAN, at="2026-01-05T22:00:00+07:00"))),
            Case("second-person", "Help above the group's limit was approved by who received it.",
                 "Santunan di atas batas kelompok disetujui penerimanya sendiri.",
                 lambda damaged: (_limit(damaged, 40000),
                                  damaged.put(f'{_HELP}, to = "Bu Karsini", approved_by = "Bu Karsini"'))),
            Case("second-person-day", "What goes to one receiver was divided over two entries of a day.",
                 "Yang keluar untuk satu penerima dipecah menjadi dua catatan sehari.",
                 lambda damaged: (_limit(damaged, 60000),
                                  damaged.put(f'{_HELP}, to = "Bu Wiryo"', at="2026-03-01T18:00:00+07:00"),
                                  damaged.put(f'{_SPEND.replace("5000", "20000")}, to = "bu  WIRYO"', at="2026-03-01T18:05:00+07:00"))),
            Case("approver", "Someone approved whom the register does not name.",
                 "Disetujui orang yang tidak tercantum sebagai penyetuju.",
                 lambda damaged: (_limit(damaged, 40000),
                                  damaged.put(f'{_HELP}, to = "Bu Wiryo", approved_by = "Pak Lurah"'))),
            Case("recipient-share", "One receiver got more than the group gives.", "Seorang penerima mendapat lebih dari batas.",
                 lambda damaged: (damaged.rewrite(lambda text: text + "\n[giving]\nper_recipient = 40000\n", f"{KAS}/fund.toml"),
                                  damaged.rewrite(lambda text: "".join(text.splitlines(keepends=True)[:-1])),
                                  damaged.put(f'{_HELP}, to = "Bu Karsini"'))),
            Case("benefit-overpaid", "A death benefit was paid a second time by someone who did not know of the first.",
                 "Santunan kematian dibayar lagi oleh orang yang tidak tahu sudah dibayar.",
                 lambda damaged: (damaged.rewrite(lambda text: text + _DEATH, f"{KAS}/fund.toml"),
                                  damaged.put(_BENEFIT, at="2026-03-01T18:00:00+07:00"),
                                  damaged.put(_BENEFIT, at="2026-03-01T18:05:00+07:00"))),
            Case("zakat", "Zakat was given without saying to which of its receivers.",
                 "Zakat disalurkan tanpa menyebut golongan penerimanya.",
                 put(f'{_HELP}, to = "Pak Wiryo"', ZAKAT)),
            Case("approval", "One person recorded, approved and received help.", "Satu orang mencatat, menyetujui, dan menerima santunan.",
                 put(f'{_HELP}, to = "Siti", approved_by = "Siti"')),
            Case("reversal-unknown", "An entry was cancelled that is not there.", "Catatan yang tidak ada dibatalkan.",
                 put('date = 2026-02-05, kind = "reversal", of = "0123456789ab", reason = "Salah ketik"')),
            Case("reversal-twice", "An entry was cancelled in two copies, apart from one another.",
                 "Satu catatan dibatalkan di dua salinan, tanpa saling tahu.", _twice),
            Case("reversal-early", "An entry was cancelled before its day.", "Sebuah catatan dibatalkan sebelum harinya.",
                 lambda damaged: damaged.put(
                     f'date = 2026-01-05, kind = "reversal", of = "{damaged.book.lines()[2].split()[0]}", reason = "Salah ketik"')),
            Case("signature", "The closing that was signed does not stand in fund.toml any more.",
                 "Tutup buku yang ditandatangani tidak ada lagi di fund.toml.",
                 lambda damaged: damaged.path(f"{KAS}/closing-2026-01-0a1b2c3d.bendahara.sig").write_text("...")),
            Case("twin", "A gift was recorded twice.", "Satu sumbangan dicatat dua kali.",
                 lambda damaged: [damaged.put('date = 2026-02-05, kind = "donation", amount = 50000, from = "Bu RW", source = "individual"',
                                              at=f"2026-02-05T{hour}:00:00+07:00") for hour in (19, 20)]),
            Case("early", "Something was recorded before it happened.", "Sesuatu dicatat sebelum terjadi.",
                 put('date = 2026-02-25, kind = "income", amount = 7000, from = "Bank"', at="2026-02-01T19:00:00+07:00")),
            Case("clock", "The clock of a machine was a year ahead.", "Jam sebuah komputer setahun terlalu cepat.",
                 put('date = 2026-02-25, kind = "income", amount = 7000, from = "Bank"', at="2027-02-25T19:00:00+07:00")),
            Case("identity-number", "An identity number stands in a note.", "Nomor KTP tertulis dalam catatan.",
                 put('date = 2026-02-25, kind = "income", amount = 7000, from = "Bank", note = "NIK 3404015708900003"')),
        ),
    ),
    Chapter(
        "Decisions",
        "Keputusan",
        (
            Case("undecided", "A name was changed in members.toml with a text editor.",
                 "Sebuah nama di members.toml diubah dengan penyunting teks.",
                 rewrite('"Budi Santoso"', '"Budi Susanto"', "rt-07/members.toml")),
            Case("decided-twice", "Two treasurers corrected one name, each in their own copy.",
                 "Dua bendahara membetulkan satu nama, masing-masing di salinannya sendiri.", _decided_twice),
        ),
    ),
    Chapter(
        "Money",
        "Uang",
        (
            Case("negative", "More was spent than there was.", "Belanja lebih besar dari isi kas.",
                 put(_SPEND.replace("5000", "900000"))),
            Case("count", "A payment was dated before a count that had been right.",
                 "Pembayaran diberi tanggal sebelum hitung kas yang sudah cocok.",
                 lambda damaged: (damaged.book.must("count", "kas-sosial", "855000", "--date", "2026-02-10"),
                                  damaged.put(_SPEND, at="2026-03-01T19:30:00+07:00"))),
            Case("closed", "A line came into a closed month from another copy.",
                 "Sebuah baris dari salinan lain masuk ke bulan yang sudah ditutup.", _late),
            Case("closing", "A line of a closed month was taken away.", "Sebuah baris di bulan yang sudah ditutup dihapus.", _lost),
            Case("closing-facts", "Who owed nothing in a closed month was written in afterwards.",
                 "Pembebasan untuk bulan yang sudah ditutup ditulis belakangan.", _exempted),
            Case("closing-arrears", "A payment of a closed month was moved to another due.",
                 "Iuran di bulan yang sudah ditutup dipindah ke iuran lain.", _moved),
            Case("index", "The index was tampered with.", "Indeks diutak-atik.", _index),
        ),
    ),
    Chapter(
        "Loans, savings, arisan",
        "Pinjaman, simpanan, arisan",
        (
            Case("loan-unknown", "A repayment names no loan.", "Angsuran tidak menyebut pinjaman yang ada.",
                 put('date = 2026-01-05, kind = "repayment", amount = 5000, member = "r001", loan = "0123456789ab"', SIMPAN)),
            Case("loan-overpaid", "More was repaid than was lent.", "Angsuran melebihi pinjaman.",
                 lambda damaged: damaged.put(
                     f'date = 2026-01-05, kind = "repayment", amount = 120000, member = "r001", loan = "{_loan(damaged)}"', SIMPAN)),
            Case("loan-rescheduled", "A loan was rescheduled for more than was left of it.",
                 "Jadwal ulang pinjaman menyebut lebih dari sisanya.",
                 lambda damaged: (damaged.book.must("org", "edit", "--chair", "Harno Wiyono"), damaged.put(
                     f'date = 2026-02-05, kind = "reschedule", amount = 120000, member = "r001", loan = "{_loan(damaged)}", rate = 1,'
                     ' method = "flat", instalments = 12, cycle = "month", reason = "Panen gagal", approved_by = "Harno Wiyono"', SIMPAN))),
            Case("loan-rounding", "The instalments of a loan were rounded up too far.", "Angsuran pinjaman dibulatkan terlalu jauh.",
                 put('date = 2026-01-02, kind = "loan", amount = 10000, member = "r001", rate = 1, method = "flat", instalments = 12,'
                     ' cycle = "month", round = 5000', SIMPAN)),
            Case("loan-ceiling", "More was lent to one member than the fund lends.", "Satu anggota meminjam di atas plafon.",
                 lambda damaged: (_loan(damaged), _terms(damaged, "ceiling = 90000"))),
            Case("loan-cover", "Somebody who has saved nothing got a loan.", "Yang belum menabung diberi pinjaman.",
                 lambda damaged: (_loan(damaged), _terms(damaged, "times_savings = 3"))),
            Case("savings-locked", "Savings that stay until a member leaves were withdrawn.",
                 "Simpanan yang tetap sampai keluar ditarik.",
                 lambda damaged: (rewrite("[savings.wajib]", "[savings.wajib]\nlocked = true", f"{SIMPAN}/fund.toml")(damaged),
                                  _saved(damaged, 20000),
                                  damaged.put('date = 2026-01-06, kind = "withdrawal", amount = 5000, member = "r001",'
                                              ' class = "wajib"', SIMPAN))),
            Case("members-money", "A running cost was paid out of what members had saved.",
                 "Biaya operasional dibayar dari simpanan anggota.",
                 lambda damaged: (_saved(damaged, 100000),
                                  damaged.put(_SPEND.replace("5000", "1010000"), SIMPAN, at=_AFTER))),
            Case("members-money-allowed", "The same by permission, and nobody approved it.",
                 "Hal yang sama dengan izin, tetapi tanpa penyetuju.",
                 lambda damaged: (_saved(damaged, 100000),
                                  damaged.put(_SPEND.replace("5000", "1010000") + ', allowed = ["savings"]', SIMPAN, at=_AFTER))),
            Case("savings-overdrawn", "More was withdrawn than was saved.", "Penarikan melebihi simpanan.",
                 puts('date = 2026-01-05, kind = "saving", amount = 20000, member = "r001", class = "wajib"',
                      'date = 2026-01-06, kind = "withdrawal", amount = 30000, member = "r001", class = "wajib"', fund=SIMPAN)),
            Case("surplus-twice", "A year's surplus was shared out twice.", "Sisa hasil usaha setahun dibagikan dua kali.",
                 puts('date = 2026-02-05, kind = "surplus", year = 2025, members = { r001 = 9000 }',
                      'date = 2026-02-06, kind = "surplus", year = 2025, members = { r001 = 8000 }', fund=SIMPAN)),
            Case("reserve-overdrawn", "More was paid out of a reserve than was kept in it.",
                 "Yang dibayar dari cadangan melebihi isinya.",
                 lambda damaged: (
                     damaged.rewrite(lambda text: f"{text}\n[surplus.cadangan]\npercent = 100\n", f"{SIMPAN}/fund.toml"),
                     damaged.put('date = 2026-02-05, kind = "surplus", year = 2025, kept = { cadangan = 9000 }', SIMPAN),
                     damaged.put('date = 2026-02-06, kind = "expense", amount = 10000, purpose = "Konsumsi rapat",'
                                 ' reserve = "cadangan"', SIMPAN))),
            Case("cover-overpaid", "More was given back than had been covered.", "Yang dikembalikan lebih dari yang ditalangi.",
                 put('date = 2026-02-05, kind = "settlement", amount = 5000, member = "r001", to_coverer = "r002"', ARISAN)),
            Case("arisan-money", "The money of an arisan paid a cost.", "Uang arisan dipakai belanja.", put(_SPEND, ARISAN)),
            Case("takeover-late", "A running arisan was taken over after something was recorded in it.",
                 "Arisan diambil alih sesudah ada yang dicatat di dalamnya.",
                 puts(_TAKEN.format(day="2026-03-01", received=150000, left=0), fund=ARISAN)),
            Case("takeover-sums", "What an arisan that was taken over paid out is not the pot.",
                 "Yang sudah dibayarkan arisan yang diambil alih tidak sama dengan uang arisannya.",
                 puts(_TAKEN.format(day="2026-01-01", received=100000, left=50000), fund=ARISAN)),
            Case("win-gap", "A round was passed over.", "Satu putaran terlewati.",
                 puts(_win(2, _FIRST_WINNER, ["s1", "s2", "s3"]), fund=ARISAN)),
            Case("win-round", "A round was won that there is not.", "Putaran yang dimenangkan tidak ada.",
                 puts(_win(4, _FIRST_WINNER, ["s1", "s2", "s3"]), fund=ARISAN)),
            Case("bid", "A bid left nothing of the pot.", "Penawaran menghabiskan uang arisan.",
                 puts(_win(1, _FIRST_WINNER, ["s1", "s2", "s3"]).replace('"draw"', '"bid"') + ", bid = 150000", fund=ARISAN)),
            Case("win-unproven", "Another slot was written down than was drawn.", "Yang ditulis bukan slot yang terundi.",
                 puts(_win(1, _OTHERS[0], ["s1", "s2", "s3"]), fund=ARISAN)),
            Case("win-twice", "A slot won twice.", "Satu slot menang dua kali.",
                 puts(_win(1, _FIRST_WINNER, ["s1", "s2", "s3"]), _win(2, _FIRST_WINNER, _OTHERS), fund=ARISAN)),
            Case("payout-unknown", "A pot was paid to who had not won.", "Uang arisan dibayarkan kepada yang tidak menang.",
                 puts(_win(1, _FIRST_WINNER, ["s1", "s2", "s3"]), _payout(1, _OTHERS[0], 150000), fund=ARISAN)),
            Case("payout-twice", "A pot was paid twice.", "Uang arisan dibayarkan dua kali.",
                 puts(_win(1, _FIRST_WINNER, ["s1", "s2", "s3"]), _payout(1, _FIRST_WINNER, 150000),
                      _payout(1, _FIRST_WINNER, 150000) + ', note = "lagi"', fund=ARISAN)),
            Case("payout-amount", "A pot was paid short.", "Uang arisan dibayarkan kurang.",
                 puts(_win(1, _FIRST_WINNER, ["s1", "s2", "s3"]), _payout(1, _FIRST_WINNER, 140000), fund=ARISAN)),
        ),
    ),
)  # fmt: skip

# What is typed at the book, and refused.
REFUSED: tuple[tuple[str, ...], ...] = (
    ("contribute", "kas-sosial", "budi", "1.50"),
    ("contribute", "kas-sosial", "bude", "5000"),
    ("contribute", "kas-sosialis", "budi", "5000"),
    ("contribute", "kas-sosial", "budi", "5000", "--date", "31/2/2026"),
    ("contribute", "kas-sosial", "budi", "5000", "--date", "2026-12-01"),
    ("contribute", "kas-sosial", "budi", "5000", "--for", "2026-13"),
    ("spend", "donasi", "5000", "--for", "Fotokopi"),
    ("spend", "kas-sosial", "5jt", "--for", "Kursi"),
    ("income", "kas-sosial", "5000", "--from", "Bank", "--place", "brankas"),
    ("income", "kas-sosial", "5000", "--from", "Bank", "--note", "NIK 3404015708900003"),
    ("reverse", "0000", "--reason", "Salah ketik"),
    ("count", "kas-sosial", "800rb"),
    ("opening", "lumbung", "5 kg", "--date", "2026-01-05"),
    ("kontribusi", "kas-sosial", "budi", "5000"),
)

_WORDS = {
    "en": {
        "title": "What can be wrong, and what to do",
        "about": (
            "Every finding of `wksbm check`, each from a book that was damaged in that way, and the commonest refusals. "
            "An *error* makes a figure wrong or breaks a rule of the group; `check` then ends with exit code 1. A *warning* "
            "is for a person to look at. The word in brackets is a finding's short name, the same in both languages and in "
            "`--format json`. This page is made by running the examples: `WKSBM_UPDATE_SNAPSHOTS=1 pytest tests/check/test_gallery.py`."
        ),
        "other": "[Bahasa Indonesia](id/galat.md)",
        "refused": "Refused when typed",
        "refusals": "Nothing is recorded then. Exit code 2 says that it was not understood, 3 that a rule of the group is against it.",
    },
    "id": {
        "title": "Apa yang bisa salah, dan apa yang perlu dilakukan",
        "about": (
            "Setiap temuan `wksbm periksa`, masing-masing dari buku yang dirusak dengan cara itu, dan penolakan yang paling "
            "sering. *Kesalahan* membuat angka keliru atau melanggar aturan kelompok; `periksa` lalu berakhir dengan kode 1. "
            "*Peringatan* perlu dilihat orang. Kata dalam kurung adalah nama pendek temuan, sama dalam kedua bahasa dan di "
            "`--format json`. Halaman ini dibuat dengan menjalankan contohnya: "
            "`WKSBM_UPDATE_SNAPSHOTS=1 pytest tests/check/test_gallery.py`."
        ),
        "other": "[English](../errors.md)",
        "refused": "Ditolak saat diketik",
        "refusals": "Tidak ada yang dicatat. Kode 2 berarti perintah tidak dimengerti, 3 berarti melanggar aturan kelompok.",
    },
}  # fmt: skip


def lay_out(book: Typist) -> None:
    """The book of the gallery: the small one with three entries, and funds for loans, an arisan and zakat."""
    root = book.folder / "ledgers"
    for fund, text in {
        SIMPAN: 'name = "Simpan Pinjam"\ntype = "savings"\n[places.kas]\n[savings.wajib]\n[loans]\nrate = 1\n',
        ARISAN: (
            'name = "Arisan"\ntype = "arisan"\n[places.kas]\n'
            "[arisan]\ncontribution = 50000\nstart = 2026-01-01\n"
            + "".join(f"[arisan.slots.s{n}]\nmembers = {{ r00{n} = 1 }}\n" for n in (1, 2, 3))
        ),
        ZAKAT: 'name = "Zakat"\ntype = "zakat"\nrestriction = "zakat"\n[places.kas]\n',
    }.items():
        (root / fund).mkdir()
        (root / fund / "fund.toml").write_text(text, encoding="utf-8")
    book.must("accept", "--reason", "Rapat")
    for fund in ("donasi", "simpan-pinjam", "zakat"):
        book.must("opening", fund, "1jt", "--date", "2026-01-01")
    book.must("close", "2026-01", "--fund", "lumbung")
    for member in ("r001", "r002", "r003"):
        for month in ("2026-01", "2026-02"):
            book.must("contribute", "arisan", member, "50000", "--for", month, "--date", f"{month}-01")


def page(lang: str, book: Typist) -> str:
    """The page in a language. `book` has been laid out; it is damaged in copies, and comes back as it was."""
    words = _WORDS[lang]
    whole = book.folder / "ledgers"
    kept = book.folder / "utuh"
    whole.rename(kept)
    parts = [f"# {words['title']}\n", f"{words['about']} {words['other']}\n"]
    for chapter in CHAPTERS:
        parts.append(f"## {getattr(chapter, lang)}\n")
        for case in chapter.cases:
            shutil.copytree(kept, whole)
            case.damage(Damaged(book))
            found = book("check", lang=lang).out.rstrip("\n").rpartition("\n\n")[0]
            shutil.rmtree(whole)
            assert f"({case.code})" in found, f"{case.code} is not among what was found:\n{found}"
            parts.append(f"### {case.code}\n\n{getattr(case, lang)}\n\n```text\n{found}\n```\n")
    kept.rename(whole)
    parts.append(f"## {words['refused']}\n\n{words['refusals']}\n")
    parts += [_refusal(book, typed, lang) for typed in REFUSED]
    return "\n".join(parts)


def _refusal(book: Typist, typed: Sequence[str], lang: str) -> str:
    typed = _spoken(typed) if lang == "id" else typed
    answer = book(*typed, lang=lang)
    assert answer.code in (2, 3), f"{typed}: {answer.out}"
    line = " ".join(f'"{word}"' if " " in word else word for word in ("wksbm", *typed))
    return f"```text\n$ {line}\n{answer.err}[exit {answer.code}]\n```\n"


def _spoken(typed: Sequence[str]) -> list[str]:
    """A command by its Indonesian names."""
    names = {command.name: command.indonesian for command in COMMANDS}
    return [names.get(typed[0], typed[0]), *(OPTIONS.get(word, word) for word in typed[1:])]


def codes_in_code() -> set[str]:
    """Every code that a finding may have, as the program's text has them."""
    import re

    root = Path(__file__).parents[2] / "wksbm_cli"
    text = "".join(
        path.read_text(encoding="utf-8") for path in [*root.glob("check/*.py"), root / "domain/consistency.py"]
    )
    patterns = (
        r'"(?:error|warning)",\s*"([a-z-]+)"',
        r'_(?:error|warning)\("([a-z-]+)"',
        r'severity, "([a-z-]+)"',
        r'Violation\(\s*"([a-z-]+)"',
    )
    found = {code for pattern in patterns for code in re.findall(pattern, text)}
    found |= {rule.code for rule in RULES if not rule.only_typed}
    return (found - {"warning"}) | {"syntax"} | {f"unknown-{what}" for what in ("member", "due", "unit", "fund")}
