"""Every command and option by its English and its Indonesian name, with the line that help gives it.

One table, so that help and `wksbm --help` load no command, and no name is spelled in two places.
"""

from __future__ import annotations

from typing import NamedTuple


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Marks a text for the catalogue; it is translated when a command is built."""
    return text


class Command(NamedTuple):
    """A command: `target` is `module:function` below `wksbm_cli.cli`; `shared` names the options it shares with its like."""

    name: str
    indonesian: str
    help: str
    target: str = ""
    shared: str = ""
    children: tuple[Command, ...] = ()  # beside a target too: `collect FUND`, and `collect status FUND`
    manual: str = ""  # what help says below its first line

    def called(self, language: str) -> str:
        """The name help shows; both are always answered to."""
        return self.indonesian if language == "id" else self.name


_ORG = (
    Command("add", "tambah", N_("Add an organisation of the network"), "organisations:add", "changing"),
    Command("list", "daftar", N_("List the organisations"), "organisations:list_", "listing"),
    Command("show", "lihat", N_("Show what is recorded of an organisation"), "organisations:show"),
    Command("edit", "ubah", N_("Correct what is recorded of an organisation"), "organisations:edit", "changing"),
    Command("signer", "penandatangan", N_("Register whose key signs closings"), "organisations:signer", "changing"),
    Command(
        "approver", "penyetuju", N_("Name someone who may approve what goes out"), "organisations:approver", "changing"
    ),
)
_MEMBER = (
    Command("add", "tambah", N_("Add a member, or many from a list or a sheet"), "members:add", "changing"),
    Command("list", "daftar", N_("List the members"), "members:list_", "listing"),
    Command("show", "lihat", N_("Show what is recorded of a member"), "members:show"),
    Command("leave", "keluar", N_("Record that a member left"), "members:leave", "changing"),
    Command("exempt", "bebas", N_("Exempt a member from a due for a time"), "members:exempt", "changing"),
    Command("class", "golongan", N_("Put a member into another class from a day on"), "members:class_", "changing"),
    Command("edit", "ubah", N_("Correct a member's name or days"), "members:edit", "changing"),
    Command("card", "kartu", N_("Everything one member owed, paid and was given"), "members:card", "report"),
)
_FUND = (
    Command("add", "tambah", N_("Add a fund"), "funds:add", "changing"),
    Command("list", "daftar", N_("List the funds"), "funds:list_", "listing"),
    Command("show", "lihat", N_("Show the rules of a fund as sentences"), "funds:show"),
    Command("due", "tarif", N_("Set what members owe a fund, from a date on"), "funds:due", "changing"),
    Command("event", "kejadian", N_("Open an event for which each member owes"), "funds:event", "changing"),
    Command("split", "bagi", N_("Divide what is paid over several funds, from a date on"), "funds:split", "changing"),
    Command(
        "savings", "simpanan", N_("Add a class of members' savings to a fund"), "lending:savings_class", "changing"
    ),
    Command("loans", "pinjaman", N_("Set the terms on which a fund lends"), "lending:terms", "changing"),
    Command("surplus", "shu", N_("Set how a fund shares its yearly surplus"), "lending:surplus_rule", "changing"),
    Command(
        "giving",
        "penyaluran",
        N_("Set from what amount a second person approves, and other limits"),
        "funds:giving",
        "changing",
    ),
    Command("place", "tempat", N_("Add a place where a fund's money or goods are"), "funds:place", "changing"),
    Command("edit", "ubah", N_("Correct the names of a fund, its places and its dues"), "funds:edit", "changing"),
    Command("end", "akhiri", N_("End an emptied fund: nobody owes it any more"), "funds:end", "changing"),
)

_UNIT = (Command("add", "tambah", N_("Add a unit of goods to the book"), "units:add", "changing"),)
_ARISAN = (
    Command("set", "atur", N_("Set the rules of an arisan"), "arisan:set_", "changing"),
    Command("join", "gabung", N_("Add a slot and who holds it"), "arisan:join", "changing"),
    Command("start", "mulai", N_("Start the rounds; nobody joins any more"), "arisan:start", "changing"),
    Command(
        "takeover",
        "ambil-alih",
        N_("Take a running arisan into this book: who has won, who is behind"),
        "arisan:takeover",
        "recording",
    ),
    Command("draw", "kocok", N_("Draw the winner of a round, so that anyone can redo it"), "arisan:draw", "recording"),
    Command("next", "giliran", N_("The winner of a round whose turn it is"), "arisan:next_", "recording"),
    Command("bid", "lelang", N_("The winner of a round who bid most"), "arisan:bid", "recording"),
    Command("release", "cairkan", N_("Pay out a pot that was withheld"), "arisan:release", "recording"),
    Command(
        "settle", "ganti-talangan", N_("Record what is given back to who had covered"), "arisan:settle", "recording"
    ),
    Command("status", "keadaan", N_("Rounds, winners, and everyone's position"), "arisan:status", "report"),
    Command("verify", "verifikasi", N_("Redo every draw from the book alone"), "arisan:verify", "report"),
)
_DEATH = (
    Command("set", "atur", N_("Set the rules of a death benefit fund, from a date on"), "death:set_", "changing"),
    Command("tier", "jenjang", N_("Add the benefits from a later year on"), "death:tier", "changing"),
    Command("report", "lapor", N_("Report a death, and raise a levy if wanted"), "death:report", "changing"),
    Command("assess", "nilai", N_("Whether a benefit is due and how much, rule by rule"), "death:assess", "report"),
    Command("pay", "bayar", N_("Pay the benefit"), "death:pay", "recording"),
)
_SURPLUS = (
    Command("pay", "bagikan", N_("Give the members their parts of a year's surplus"), "lending:share_out", "recording"),
)
_COLLECT = (
    Command("status", "keadaan", N_("How collections went, and who still holds money"), "collecting:status", "report"),
    Command("hand-over", "setor", N_("All collectors hand over what they hold"), "collecting:hand_over", "recording"),
    Command("cancel", "libur", N_("Call off a night, for rain for instance"), "collecting:cancel", "changing"),
)

# What help says of the program itself.
PROGRAM = N_(
    "Bookkeeping for community social funds. Every entry is one line of a plain file; nothing is ever changed or erased."
)

COMMANDS: tuple[Command, ...] = (
    Command("init", "mulai", N_("Make a new book in this folder"), "setup:init"),
    Command(
        "upgrade",
        "perbarui",
        N_("Bring a book of an older format to the newest"),
        "setup:upgrade",
        manual=N_(
            "New entries get ids of 32 digits and end with the moment of recording, always in one offset from UTC. "
            "What was recorded before stays as it is."
        ),
    ),
    Command("org", "lembaga", N_("Organisations of the network"), children=_ORG),
    Command("member", "anggota", N_("Members: households or people"), children=_MEMBER),
    Command("fund", "dana", N_("Funds, their dues and places"), children=_FUND),
    Command("unit", "satuan", N_("Units of goods that funds are kept in"), children=_UNIT),
    Command("opening", "saldo-awal", N_("Record what was there when the book began"), "entries:opening", "recording"),
    Command("contribute", "iuran", N_("Record that a member paid"), "entries:contribute", "recording"),
    Command(
        "collect", "tarik", N_("Record a whole collection in one command"), "collecting:collect", "recording", _COLLECT
    ),
    Command("donate", "sumbang", N_("Record a gift"), "entries:donate", "recording"),
    Command("income", "terima", N_("Record other income"), "entries:income", "recording"),
    Command("disburse", "salurkan", N_("Record help given"), "entries:disburse", "recording"),
    Command("spend", "belanja", N_("Record a running cost"), "entries:spend", "recording"),
    Command("return", "kembalikan", N_("Hand an unused grant back to its giver"), "entries:return_", "recording"),
    Command("transfer", "pindah", N_("Move money from one fund to another"), "entries:transfer", "recording"),
    Command("move", "setor", N_("Hand over from one place of a fund to another"), "entries:move", "recording"),
    Command("exchange", "tukar", N_("Exchange goods for money or for other goods"), "entries:exchange", "recording"),
    Command("death", "kematian", N_("Death benefits: rules, reports, payments"), children=_DEATH),
    Command("arisan", "arisan", N_("Rotating savings: slots, rounds, draws"), children=_ARISAN),
    Command("lend", "pinjamkan", N_("Record a loan to a member"), "lending:lend", "recording"),
    Command("repay", "angsur", N_("Record a payment on a loan"), "lending:repay", "recording"),
    Command("reschedule", "jadwal-ulang", N_("Agree anew how a loan is paid back"), "lending:reschedule", "recording"),
    Command("write-off", "hapus-piutang", N_("Give up what is left of a loan"), "lending:write_off", "recording"),
    Command("save", "simpan", N_("Record what a member puts by"), "lending:save", "recording"),
    Command("withdraw", "tarik-simpanan", N_("Record what a member takes back"), "lending:withdraw", "recording"),
    Command("balance", "saldo", N_("What each fund holds"), "reporting:balance", "report"),
    Command("cashbook", "buku-kas", N_("The cash book of a fund"), "reporting:cashbook", "report"),
    Command("contributions", "daftar-iuran", N_("Who paid what, by period"), "reporting:contributions", "report"),
    Command("arrears", "tunggakan", N_("Who still owes what, and since when"), "reporting:arrears", "report"),
    Command("disbursements", "penyaluran", N_("Help given, to whom and for what"), "reporting:disbursements", "report"),
    Command(
        "loans", "daftar-pinjaman", N_("Loans: outstanding, late, and who covered whom"), "lending:loans", "report"
    ),
    Command("savings", "daftar-simpanan", N_("What each member has saved"), "lending:savings", "report"),
    Command(
        "surplus", "shu", N_("The year's surplus and everyone's part of it"), "lending:surplus", "report", _SURPLUS
    ),
    Command("summary", "ringkasan", N_("One month of every fund in brief"), "reporting:summary", "report"),
    Command("receipt", "kuitansi", N_("A receipt or voucher for one entry"), "documents:receipt", "document"),
    Command("annual", "lpj", N_("The yearly report to the members"), "documents:annual", "report"),
    Command(
        "supervisor",
        "pembina",
        N_("The report to the village or the social affairs office"),
        "documents:supervisor",
        "report",
    ),
    Command(
        "zakat",
        "laporan-zakat",
        N_("Sources and use of a year's zakat, as it is reported to BAZNAS"),
        "documents:zakat",
        "report",
    ),
    Command("count", "hitung", N_("Record what was counted, and any difference"), "entries:count", "recording"),
    Command("reverse", "batal", N_("Cancel an entry, with a reason"), "entries:reverse", "recording"),
    Command("schedule", "jadwal", N_("What to give to cron, to have every month's summary"), "scheduling:schedule"),
    Command("check", "periksa", N_("Whether every line is as it must be"), "trusting:check"),
    Command(
        "accept",
        "sahkan",
        N_("Record as decided what the registers say"),
        "trusting:accept",
        manual=N_(
            "For registers that were edited by hand, and for a book that is older than its decisions: every fact that no decision "
            "tells of gets one, and where two contradict one another the one that holds is confirmed."
        ),
    ),
    Command(
        "close",
        "tutup-buku",
        N_("Close a month or a year: nothing more is recorded in it"),
        "trusting:close",
        manual=N_(
            "From then on nothing dated in the period, or before it, is recorded; what was wrong in it is cancelled in a later one."
        ),
    ),
    Command(
        "sign",
        "tanda-tangani",
        N_("Sign a closing with a key of your own"),
        "signing:sign",
        manual=N_(
            "ssh-keygen signs, with any key of OpenSSH that is registered (wksbm org signer). The signature stands beside "
            "fund.toml and can be verified without this program: docs/trust.md. No key is needed for anything else."
        ),
    ),
    Command(
        "witness",
        "saksi",
        N_("Whether this copy still contains all that was seen of it before"),
        "signing:witness",
        manual=N_(
            "For another household that keeps a copy. What is seen is kept in its own folder, outside the book; with --key "
            "the last closings are countersigned. The exit code is 1 where something that was seen is gone or changed; then "
            "nothing is signed."
        ),
    ),
    Command(
        "reopen",
        "buka-buku",
        N_("Open a closed period again, with a reason"),
        "trusting:reopen",
        manual=N_(
            "The closing stays in fund.toml with who opened it, when and why; what was closed after the period is opened with it."
        ),
    ),
    Command(
        "audit",
        "telusur",
        N_("What was ever changed, recorded late, and by whom, as git knows"),
        "auditing:audit",
        manual=N_(
            "Reads the whole history that git keeps of the book. "
            "The exit code is 1 if a recorded line was ever changed or removed, even where it was put back."
        ),
    ),
    Command(
        "verify",
        "verifikasi",
        N_("Whether every line behind a report's seal is still there"),
        "auditing:verify",
        manual=N_(
            "The exit code is 0 if every line the report was made from is still there, unchanged, and none has come in between; "
            "otherwise it is 1, and the answer says which. Of a report saved as a file every figure is made again and compared. "
            "A seal can be verified without this program too: docs/trust.md."
        ),
    ),
    Command(
        "review",
        "periksa-lpj",
        N_("Add up a report that someone made by hand"),
        "reviewing:review",
        "document",
        manual=N_(
            "Only the printed figures are read, and each is worked out again from the others: balances, sums, what is carried over, "
            "recapitulations, days, numbers, amounts in words. Which of two figures is true it does not say. "
            "The exit code is 1 if something does not agree."
        ),
    ),
    Command(
        "sync",
        "sinkron",
        N_("Save the book in git, and join it with the other treasurer's copy"),
        "gitting:sync",
        manual=N_(
            "Saves what was recorded here, receives what the other treasurer sent, joins the two, checks the joined book and sends it. "
            "If something cannot be read, or both changed the same thing, it says so and leaves everything as it was. "
            "What the two entered apart and does not agree is taken and told, to be mended with an entry."
        ),
    ),
    Command(
        "import",
        "impor",
        N_("Record the rows of a sheet, by a file of rules or as they are understood"),
        "exchanging:import_",
        "recording",
        manual=N_(
            "A row that was imported before is passed over, so that a longer file adds only what is new. When a row cannot be "
            "used, nothing is recorded. How rules are written: docs/import.md."
        ),
    ),
    Command(
        "export",
        "ekspor",
        N_("Write the book for another accounting program"),
        "exchanging:export",
        "selection",
        manual=N_(
            "The other program then gives the same balances, per fund, place and member, at any date. Of a period, what "
            "there was before it is carried in."
        ),
    ),
    Command("help", "bantu", N_("Help for one command; all: every command with its line"), "helping:help_"),
)

# Help names the commands in sections; each begins with this command of the table.
SECTIONS: dict[str, str] = {
    "init": N_("To begin"),
    "contribute": N_("Money in"),
    "disburse": N_("Money out"),
    "death": N_("Among members"),
    "balance": N_("Reports"),
    "count": N_("In good order"),
}

# Aliases, and words of other programs, for commands, by language.
SYNONYMS: dict[str, dict[str, str]] = {
    "id": {
        "bantuan": "disburse",
        "bayar": "contribute",
        "bendahara": "org",
        "cadangan": "sync",
        "cek": "check",
        "hapus": "reverse",
        "hutang": "loans",
        "infak": "donate",
        "jimpitan": "collect",
        "kas": "cashbook",
        "laporan": "summary",
        "masuk": "income",
        "keluar": "spend",
        "pemasukan": "income",
        "pengeluaran": "spend",
        "santunan": "disburse",
        "sedekah": "donate",
        "tolong": "help",
        "ubah": "reverse",
        "utang": "loans",
        "warga": "member",
    },
    "en": {
        "backup": "sync",
        "cancel": "reverse",
        "cash": "cashbook",
        "debts": "arrears",
        "delete": "reverse",
        "donation": "donate",
        "expense": "spend",
        "give": "disburse",
        "household": "member",
        "pay": "contribute",
        "report": "summary",
        "statement": "cashbook",
        "undo": "reverse",
    },
}

# What git calls, and nobody types: no help lists it.
PLUMBING: tuple[Command, ...] = (Command("merge-driver", "merge-driver", "", "gitting:merge_driver"),)

OPTIONS: dict[str, str] = {
    "--absent": "--kosong",
    "--again": "--lagi",
    "--activity": "--kegiatan",
    "--address": "--alamat",
    "--allow-difference": "--boleh-selisih",
    "--allow-future": "--boleh-nanti",
    "--allow-negative": "--boleh-minus",
    "--allow-early": "--boleh-lebih-awal",
    "--exactly": "--memang-segitu",
    "--fiscal-year": "--tahun-buku",
    "--reserve": "--cadangan",
    "--over": "--atas",
    "--amount": "--nominal",
    "--approved-by": "--disetujui",
    "--amil-share": "--bagian-amil",
    "--anchor": "--hari",
    "--approval-above": "--setuju-di-atas",
    "--arrears-limit": "--batas-tunggakan",
    "--as": "--sebagai",
    "--as-of": "--per",
    "--away": "--pergi",
    "--back-dues": "--susulan",
    "--because": "--karena",
    "--bid-shared": "--potongan-untuk",
    "--book": "--buku",
    "--by": "--menurut",
    "--category": "--kategori",
    "--chair": "--ketua",
    "--chart": "--grafik",
    "--class": "--golongan",
    "--ceiling": "--plafon",
    "--collector": "--petugas",
    "--covered-by": "--ditalangi",
    "--coverage": "--tanggungan",
    "--covers": "--meliputi",
    "--condition": "--syarat",
    "--key": "--kunci",
    "--keep-arrears": "--tanpa-potong",
    "--cycle": "--siklus",
    "--decimals": "--desimal",
    "--day": "--hari-ke",
    "--days": "--hari",
    "--date": "--tanggal",
    "--district": "--kecamatan",
    "--dry-run": "--coba",
    "--entry-fee": "--uang-pangkal",
    "--event": "--kejadian",
    "--explain": "--jelaskan",
    "--deaths": "--jumlah",
    "--ahead": "--di-muka",
    "--behind": "--menunggak",
    "--debts": "--utang",
    "--decided-by": "--diputuskan",
    "--deceased": "--almarhum",
    "--detail": "--rinci",
    "--due": "--iuran",
    "--file": "--berkas",
    "--fine": "--denda",
    "--for": "--untuk",
    "--founded": "--berdiri",
    "--gave": "--memberi",
    "--from": "--dari",
    "--from-savings": "--dari-simpanan",
    "--fund": "--dana",
    "--goods": "--barang",
    "--install-hook": "--pasang-kait",
    "--instalments": "--kali",
    "--joined": "--masuk",
    "--kind": "--jenis",
    "--lang": "--bahasa",
    "--levy": "--tarik-iuran",
    "--left": "--terakhir",
    "--keeps-savings": "--simpan-saja",
    "--lends-savings": "--pinjamkan-simpanan",
    "--legal-basis": "--dasar-hukum",
    "--legal-date": "--tanggal-sk",
    "--loan": "--pinjaman",
    "--locked": "--tetap",
    "--member": "--anggota",
    "--method": "--perhitungan",
    "--min-bid": "--lelang-minimum",
    "--mode": "--cara",
    "--month": "--bulan",
    "--name": "--nama",
    "--note": "--catatan",
    "--odd": "--ganjil",
    "--officers": "--jumlah-pengurus",
    "--order": "--urutan",
    "--of": "--dari-seluruh",
    "--org": "--lembaga",
    "--output": "--keluaran",
    "--paid": "--bayar",
    "--part": "--bagian",
    "--per-recipient": "--per-penerima",
    "--phone": "--telepon",
    "--pillar": "--pilar",
    "--place": "--tempat",
    "--privacy": "--privasi",
    "--province": "--provinsi",
    "--rate": "--jasa",
    "--qr": "--qr",
    "--reason": "--alasan",
    "--regency": "--kabupaten",
    "--restriction": "--pembatasan",
    "--result": "--hasil",
    "--round": "--bulatkan",
    "--rules": "--aturan",
    "--save-rules": "--simpan-aturan",
    "--said-by": "--diucapkan",
    "--secretary": "--sekretaris",
    "--settle": "--lunasi",
    "--short": "--ringkas",
    "--seed": "--kata",
    "--source": "--sumber",
    "--supervisor": "--pembina",
    "--symbol": "--simbol",
    "--territory": "--wilayah",
    "--time": "--jam",
    "--times": "--sebanyak",
    "--people": "--orang",
    "--times-savings": "--kali-simpanan",
    "--timezone": "--zona-waktu",
    "--to": "--kepada",
    "--to-coverer": "--kepada-penalang",
    "--to-place": "--ke-tempat",
    "--treasurer": "--bendahara",
    "--type": "--tipe",
    "--unit": "--satuan",
    "--unknown-as": "--tak-dikenal",
    "--village": "--kelurahan",
    "--voluntary": "--sukarela",
    "--waiting": "--masa-tunggu",
    "--with": "--beserta",
    "--witness": "--saksi",
    "--year": "--tahun",
    "--years-of": "--tahun-dari",
}

# `--to` is a receiver in most commands and a last day in others; `--method` how a loan bears its charge, and in an
# arisan how a winner is chosen.
_LAST_DAY = "--sampai"
_WAY = "--cara"


def indonesian_option(option: str, metavar: str | None) -> str | None:
    """The other name of an option, if it has one."""
    if option == "--to" and metavar in ("DATE", "TANGGAL"):
        return _LAST_DAY
    if option == "--method" and (metavar or "").startswith(("draw", "kocok")):
        return _WAY
    return OPTIONS.get(option)
