"""Writes what the documentation says of the program from the program itself.

    python docs/reference.py

docs/commands.md and docs/id/perintah.md are made whole, from the commands and their help. In docs/format.md only
the kinds of entry are, and in docs/trust.md and docs/id/kepercayaan.md the rules, between two marks.
tests/test_reference.py fails when a page lags behind.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from wksbm_cli.cli.app import build, root
from wksbm_cli.cli.names import COMMANDS, Command
from wksbm_cli.cli.usage import usage_of
from wksbm_cli.domain.kinds import COMMON, KINDS, Key
from wksbm_cli.domain.rules import RULES, Rule
from wksbm_cli.locales import DOMAIN, FOLDER

DOCS = Path(__file__).parent
RULES_BEGIN, RULES_END = "<!-- rules -->\n", "<!-- end of rules -->\n"
KINDS_BEGIN, KINDS_END = "<!-- kinds -->\n", "<!-- end of kinds -->\n"

# The sentences of the rules by their English ones, of which the program itself shows none: a rule that changes asks for another.
RULES_IN_INDONESIAN = {
    "Nothing is recorded of a day still to come.": "Kejadian pada hari yang belum tiba tidak dicatat.",
    "the pass `days` tells what was recorded before its day: by then it may have come": (
        "pemeriksaan `days` menyebut yang dicatat sebelum harinya; waktu diperiksa, hari itu mungkin sudah tiba"
    ),
    "Nothing is recorded in a period that its group has closed; of a transfer, in neither fund.": (
        "Masa yang sudah tutup buku tidak menerima catatan lagi; untuk pindahan antardana, di kedua dananya."
    ),
    "the pass `closed_periods` knows when a period was closed, and opened again": (
        "pemeriksaan `closed_periods` tahu kapan suatu masa ditutup dan dibuka lagi"
    ),
    "Nothing is recorded of days before what was there was counted: the opening balance has it already.": (
        "Kejadian sebelum hari saldo awal tidak dicatat: saldo awal sudah memuatnya."
    ),
    "What members put by is theirs, and recorded as such: as a contribution it would be income of the fund.": (
        "Simpanan tetap milik anggota dan dicatat sebagai simpanan; sebagai iuran, ia akan menjadi penerimaan dana."
    ),
    "A place must be declared in the fund, or be the hands of a collector who has brought something.": (
        "Tempat uang harus terdaftar di dananya, atau tangan penarik yang sudah pernah menarik sesuatu."
    ),
    "Money given to be given pays no running costs, neither directly nor by way of another fund.": (
        "Uang titipan untuk disalurkan tidak dipakai untuk biaya, baik langsung maupun lewat dana lain."
    ),
    "The pot of an arisan is never kas money: nothing is given, spent, lent or sent elsewhere from it.": (
        "Uang arisan bukan uang kas: tidak boleh disumbangkan, dibelanjakan, dipinjamkan, atau dipindahkan ke dana lain."
    ),
    "An arisan has no opening balance, which would be owed to nobody, but where it is taken over from another book.": (
        "Arisan tidak memakai saldo awal, karena uang itu bukan milik siapa pun, kecuali diambil alih dari buku lain."
    ),
    "books of before this rule may have one": "buku yang lebih tua dari aturan ini mungkin memilikinya",
    "What is cancelled is an entry of the same fund, and no reversal.": (
        "Yang dibatalkan adalah catatan dana yang sama, dan bukan pembatalan."
    ),
    "What was cancelled is not cancelled again.": "Yang sudah dibatalkan tidak dibatalkan lagi.",
    "the pass `cancelled_twice`: two people apart from one another may both cancel": (
        "pemeriksaan `cancelled_twice`: dua orang yang bekerja terpisah bisa sama-sama membatalkan"
    ),
    "A reversal is dated on the day of what it cancels, or after it.": (
        "Tanggal pembatalan sama dengan tanggal catatan yang dibatalkan, atau sesudahnya."
    ),
    "Whoever has left contributes no more, but what stayed owed.": (
        "Anggota yang sudah keluar tidak membayar iuran lagi, kecuali yang masih terutang."
    ),
    "One house gives once a night, more than its due in the one amount; and none where nobody went round.": (
        "Satu rumah memberi sekali semalam, lebihnya dicatat dalam jumlah yang sama; dan tidak ada yang memberi pada malam libur."
    ),
    "Above the group's amount, what goes out is approved by someone who neither records nor receives it.": (
        "Pengeluaran di atas batas kelompok disetujui orang yang tidak mencatat dan tidak menerimanya."
    ),
    "The same of what goes to one receiver in a day, in however many entries.": (
        "Begitu juga jumlah untuk satu penerima dalam sehari, berapa pun catatannya."
    ),
    "Who approves is an officer of the organisation, or named by it as an approver.": (
        "Yang menyetujui adalah pengurus lembaga, atau orang yang ditunjuknya sebagai penyetuju."
    ),
    "Nobody records, approves and receives in one, however little it is.": (
        "Tidak ada yang mencatat, menyetujui, dan menerima sekaligus, sekecil apa pun jumlahnya."
    ),
    "Rounded up, the instalments of a loan do not pay it back before the last of them.": (
        "Angsuran yang dibulatkan ke atas tidak melunasi pinjaman sebelum angsuran terakhir."
    ),
    "Zakat goes only to its eight kinds of receivers or is passed on as such, and to the amil, in whatever way, goes no more"
    " than their share of what came in that year.": (
        "Zakat hanya untuk delapan asnaf atau disetorkan sebagai zakat, dan amil, lewat jalan apa pun, tidak menerima"
        " lebih dari haknya atas penerimaan tahun itu."
    ),
    "No more to one receiver at a time than the group has set.": (
        "Satu penerima tidak menerima lebih dari batas sekali beri yang ditetapkan kelompok."
    ),
    "No more is given for a death than its benefit, in however many parts.": (
        "Santunan satu kematian tidak melebihi haknya, dibagi berapa kali pun."
    ),
    "Nobody owes a fund more than its ceiling.": "Utang seorang anggota kepada dana tidak melebihi plafonnya.",
    "A fund may lend only so many times what a member has saved; and what covers a loan stays saved.": (
        "Pinjaman tidak melebihi sekian kali simpanan anggota; dan simpanan yang menutup pinjaman tidak ditarik."
    ),
    "Savings that each member must hold stay until the member leaves.": (
        "Simpanan yang wajib dimiliki setiap anggota tetap di dana sampai anggota keluar."
    ),
    "What goes out of a fund takes nothing of what its members have saved there.": (
        "Pengeluaran dana tidak memakai simpanan anggotanya."
    ),
    "What takes of members' savings all the same was approved by a second person, and says why.": (
        "Yang tetap memakai simpanan anggota disetujui orang kedua dan menyebut alasannya."
    ),
}


@dataclass(frozen=True, slots=True)
class Words:
    """The page's own words in one language."""

    title: str
    about: str
    global_options: str
    shared: dict[str, str]
    shared_by: str
    default: str


WORDS = {
    "en": Words(
        title="Commands",
        about=(
            "Every command and option has an English and an Indonesian name, and answers to both in either language:"
            " `wksbm contribute` and `wksbm iuran` are one command. `--help` behind any of them says what is said here."
            " This page is made from the program by `docs/reference.py`; the same [in Indonesian](id/perintah.md)."
        ),
        global_options="Options of the program, before the command",
        shared={
            "recording": "Options of every recording",
            "report": "Options of every report",
            "listing": "Options of every list",
        },
        shared_by="Also: [{title}](#{anchor}).",
        default="default: {value}",
    ),
    "id": Words(
        title="Perintah",
        about=(
            "Setiap perintah dan pilihan punya nama Indonesia dan nama Inggris, dan keduanya selalu dimengerti:"
            " `wksbm iuran` dan `wksbm contribute` adalah perintah yang sama. Ketik `--help` di belakang perintah"
            " mana pun untuk membaca yang tertulis di sini. Halaman ini dibuat dari program oleh `docs/reference.py`;"
            " [dalam bahasa Inggris](../commands.md)."
        ),
        global_options="Pilihan program, di depan perintah",
        shared={
            "recording": "Pilihan setiap pencatatan",
            "report": "Pilihan setiap laporan",
            "listing": "Pilihan setiap daftar",
        },
        shared_by="Juga: [{title}](#{anchor}).",
        default="bila tidak disebut: {value}",
    ),
}


def commands(language: str) -> str:
    """The page of all commands in a language."""
    words = WORDS[language]
    os.environ["LANGUAGE"] = language  # as the program does when it starts: its help speaks this language
    gettext.bindtextdomain(DOMAIN, str(FOLDER))
    gettext.textdomain(DOMAIN)
    lines = [f"# {words.title}", "", words.about, "", "| | | |", "|---|---|---|"]
    lines += [line for spec in COMMANDS for line in _listed(spec, ("wksbm",), ("wksbm",), language)]
    lines += ["", f"## {words.global_options}", "", *_table(root(language).params, words)]
    shared: dict[str, Sequence[Any]] = {}
    described = [line for spec in COMMANDS for line in _describe(spec, ("wksbm",), ("wksbm",), language, shared)]
    for family in words.shared:
        if family in shared:
            lines += [f"## {words.shared[family]}", "", *_table(shared[family], words)]
    return "\n".join([*lines, *described]).rstrip() + "\n"


def _listed(spec: Command, path: tuple[str, ...], other_path: tuple[str, ...], language: str) -> Iterator[str]:
    """The rows of a command and of those below it in the table of contents, each leading to its section."""
    path, other_path = (*path, spec.called(language)), (*other_path, spec.called("en" if language == "id" else "id"))
    typed, other = " ".join(path), " ".join(other_path[1:])
    if spec.target:
        anchor = f"{typed}--{other}".replace(" ", "-")
        yield f"| [`{typed}`](#{anchor}) | `{other}` | {gettext.gettext(spec.help)} |"
    for child in spec.children:
        yield from _listed(child, path, other_path, language)


def _describe(
    spec: Command,
    path: tuple[str, ...],
    other_path: tuple[str, ...],
    language: str,
    shared: dict[str, Sequence[Any]],
) -> Iterator[str]:
    """The section of a command, then those of the commands below it; fills `shared` with what families of commands share."""
    words = WORDS[language]
    path = (*path, spec.called(language))
    other_path = (*other_path, spec.called("en" if language == "id" else "id"))
    typed, other = " ".join(path), " ".join(other_path[1:])
    yield from (f"{'#' * len(path)} `{typed}` · `{other}`", "")
    if not spec.target:
        yield from (f"{gettext.gettext(spec.help)}.", "")
    else:
        command = build(spec, language)
        line, *manual = str(command.help).split("\n\n")
        yield from (f"{line}.", "", *(part for paragraph in manual for part in (paragraph, "")))
        own = list(command.params)
        family = getattr(command, "shared", None) if spec.shared in words.shared else None
        if family is not None:
            names = {param.name for param in family.params}
            shared.setdefault(spec.shared, [param for param in own if param.name in names])
            own = [param for param in own if param.name not in names]
        usage = usage_of(command, typer.Context(command))
        yield from ("```", f"{typed} {usage}", "```", "")
        yield from _table(own, words)
        if family is not None:
            title = words.shared[spec.shared]
            yield words.shared_by.format(title=title.lower(), anchor=title.lower().replace(" ", "-"))
            yield ""
    for child in spec.children:
        yield from _describe(child, path, other_path, language, shared)


def _table(params: Sequence[Any], words: Words) -> list[str]:
    """Arguments and options with what help says of them; nothing when there are none."""
    rows = [f"| {_name(param)} | {_meaning(param, words)} |" for param in params if not _is_typers(param)]
    return ["| | |", "|---|---|", *rows, ""] if rows else []


def _is_typers(param: Any) -> bool:
    """Options that Typer adds to every program, for the completion of a shell."""
    return param.name in ("install_completion", "show_completion")


def _name(param: Any) -> str:
    metavar = f" {param.metavar}" if param.metavar else ""
    if param.param_type_name == "argument":
        return _cell(f"`{metavar.strip()}`")
    return _cell(f"{', '.join(f'`{name}`' for name in param.opts)}{metavar}")


def _meaning(param: Any, words: Words) -> str:
    text = str(getattr(param, "help", None) or "")
    if isinstance(param.default, str) and param.default:
        text += f" ({words.default.format(value=param.default)})"
    return _cell(text)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def kinds() -> str:
    """The kinds of entry with their keys, for docs/format.md."""
    lines = []
    for kind in KINDS.values():
        lines += [f"### {kind.name}", "", *_keys(kind.keys)]
    return "\n".join([*lines, "### Keys of every kind", "", *_keys(COMMON)])


def _needed(key: Key) -> str:
    if not key.required:
        return ""
    return f"yes, or `{key.unless}`" if key.unless else "yes"


def _keys(keys: Sequence[Key]) -> list[str]:
    rows = [
        f"| `{key.name}` | {key.form}{': ' + ', '.join(key.choices) if key.choices else ''} | {_needed(key)} |"
        for key in keys
    ]
    return ["| key | form | required |", "|---|---|---|", *rows, ""]


def format_page() -> str:
    """docs/format.md with the kinds as they are now."""
    before, _, rest = (DOCS / "format.md").read_text(encoding="utf-8").partition(KINDS_BEGIN)
    _, _, after = rest.partition(KINDS_END)
    return f"{before}{KINDS_BEGIN}\n{kinds()}\n{KINDS_END}{after}"


def rules() -> str:
    """The rules of the group with where each is asked, for docs/trust.md."""
    rows = [f"| {rule.code} | {rule.says} | {_asked_by_check(rule)} |" for rule in RULES]
    return "\n".join(["| finding | rule | asked by `check` |", "|---|---|---|", *rows, ""])


def _asked_by_check(rule: Rule) -> str:
    if rule.only_typed:
        return rule.only_typed
    warned = "a warning" if rule.may_be_right else "an error"
    older = "; a warning in a line of format 1" if rule.is_of_format_2 else ""
    allowed = f"; a warning where `{rule.flag}` is allowed" if rule.flag and not rule.may_be_right else ""
    return f"{warned}{older}{allowed}"


def trust_page() -> str:
    """docs/trust.md with the rules as they are now."""
    before, _, rest = (DOCS / "trust.md").read_text(encoding="utf-8").partition(RULES_BEGIN)
    _, _, after = rest.partition(RULES_END)
    return f"{before}{RULES_BEGIN}\n{rules()}\n{RULES_END}{after}"


def kepercayaan_page() -> str:
    """docs/id/kepercayaan.md with the same rules in Indonesian."""
    before, _, rest = (DOCS / "id" / "kepercayaan.md").read_text(encoding="utf-8").partition(RULES_BEGIN)
    _, _, after = rest.partition(RULES_END)
    rows = [f"| {rule.code} | {RULES_IN_INDONESIAN[rule.says]} | {_diminta_periksa(rule)} |" for rule in RULES]
    table = "\n".join(["| temuan | aturan | menurut `periksa` |", "|---|---|---|", *rows, ""])
    return f"{before}{RULES_BEGIN}\n{table}\n{RULES_END}{after}"


def _diminta_periksa(rule: Rule) -> str:
    if rule.only_typed:
        return RULES_IN_INDONESIAN[rule.only_typed]
    warned = "peringatan" if rule.may_be_right else "kesalahan"
    older = "; peringatan pada baris format 1" if rule.is_of_format_2 else ""
    allowed = f"; peringatan bila `{rule.flag}` diizinkan" if rule.flag and not rule.may_be_right else ""
    return f"{warned}{older}{allowed}"


# Every page this script writes, as it ought to be.
PAGES: dict[str, Callable[[], str]] = {
    "commands.md": lambda: commands("en"),
    "id/perintah.md": lambda: commands("id"),
    "format.md": format_page,
    "trust.md": trust_page,
    "id/kepercayaan.md": kepercayaan_page,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
