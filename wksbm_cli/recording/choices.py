"""Words for choices as typed: the ledger's name, or a word of either language."""

from __future__ import annotations

from collections.abc import Collection

from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Usage


def choose(typed: str, choices: Collection[str]) -> str:
    """The choice typed, by its name or any unique part of it, or by a word of either language."""
    wanted = typed.strip().casefold().replace(" ", "-")
    if wanted in choices:
        return wanted
    aliased = _ALIASES.get(wanted, "")
    if aliased in choices:
        return aliased
    inside = [name for name in choices if wanted and wanted in name]
    if len(inside) == 1:
        return inside[0]
    raise Usage(
        msg('"{text}" is not one of the choices.', text=typed[:40]),
        hint=msg("Choose from: {names}", names=[WORDS.get(name, name) for name in choices]),
    )


# Choices stored in English and offered in the reader's language. Those not listed are the same in both: the asnaf, the
# categories of beneficiaries, a selapanan.
WORDS: dict[str, Message] = {
    # from whom a gift or an income comes
    "individual": msg("individual"),
    "company": msg("company"),
    "government": msg("government"),
    "collection-box": msg("collection-box"),
    "member": msg("member"),
    "interest": msg("interest"),
    "rent": msg("rent"),
    "sale": msg("sale"),
    "fine": msg("fine"),
    "other": msg("other"),
    "forwarded": msg("forwarded"),
    # what help is for
    "rehabilitation": msg("rehabilitation"),
    "security": msg("security"),
    "empowerment": msg("empowerment"),
    "protection": msg("protection"),
    "prevention": msg("prevention"),
    "handling": msg("handling"),
    "referral": msg("referral"),
    # what becomes of the debts of a member who leaves
    "owed": msg("owed"),
    "written-off": msg("written-off"),
    # types of fund, and what they may be used for
    "general": msg("general"),
    "social": msg("social"),
    "death": msg("death"),
    "enterprise": msg("enterprise"),
    "savings": msg("savings"),
    "donation": msg("donation"),
    "none": msg("none"),
    "operational": msg("operational"),
    # kinds of place
    "cash": msg("cash"),
    "store": msg("store"),
    "collector": msg("collector"),
    # cycles
    "night": msg("night"),
    "week": msg("week"),
    "month": msg("month"),
    "year": msg("year"),
    "event": msg("event"),
    "once": msg("once"),
    # back dues of members who join later
    "founding": msg("founding"),
    # how an arisan chooses, and to whom a bid goes
    "draw": msg("draw"),
    "order": msg("order"),
    "bid": msg("bid"),
    "others": msg("others"),
    "waiting": msg("waiting"),
    # how a loan bears its charge
    "flat": msg("flat"),
    "declining": msg("declining"),
    # grouping and sorting of reports
    "amount": msg("amount"),
    "fund": msg("fund"),
    "place": msg("place"),
}

# The Indonesian words, and other names that people use.
_ALIASES = {
    "perorangan": "individual",
    "pribadi": "individual",
    "perusahaan": "company",
    "pemerintah": "government",
    "kotak-amal": "collection-box",
    "kotak": "collection-box",
    "warga": "member",
    "anggota": "member",
    "bunga": "interest",
    "sewa": "rent",
    "penjualan": "sale",
    "hasil-usaha": "sale",
    "denda": "fine",
    "lain-lain": "other",
    "lainnya": "other",
    "lain": "other",
    "diteruskan": "forwarded",
    "disetor": "forwarded",
    "rehabilitasi": "rehabilitation",
    "jaminan": "security",
    "pemberdayaan": "empowerment",
    "perlindungan": "protection",
    "pencegahan": "prevention",
    "penanganan": "handling",
    "rujukan": "referral",
    "umum": "general",
    "sosial": "social",
    "kematian": "death",
    "usaha": "enterprise",
    "usaha-produktif": "enterprise",
    "simpan-pinjam": "savings",
    "simpanan": "savings",
    "donasi": "donation",
    "tidak-ada": "none",
    "bebas": "none",
    "operasional": "operational",
    "kas": "cash",
    "tunai": "cash",
    "gudang": "store",
    "lumbung": "store",
    "petugas": "collector",
    "malam": "night",
    "minggu": "week",
    "mingguan": "week",
    "bulan": "month",
    "bulanan": "month",
    "semesteran": "semester",
    "tahun": "year",
    "tahunan": "year",
    "kejadian": "event",
    "per-kejadian": "event",
    "sekali": "once",
    "pendirian": "founding",
    "sejak-berdiri": "founding",
    "kocok": "draw",
    "undian": "draw",
    "urut": "order",
    "urutan": "order",
    "lelang": "bid",
    "semua": "others",
    "belum-dapat": "waiting",
    "tetap": "flat",
    "menurun": "declining",
    "jumlah": "amount",
    "nominal": "amount",
    "tetap-utang": "owed",
    "terutang": "owed",
    "dihapus": "written-off",
    "hapus": "written-off",
    "dana": "fund",
    "tempat": "place",
}
