"""Writes what the documentation says of the program from the program itself.

    python docs/reference.py

docs/commands.md and docs/id/perintah.md are made whole, from the commands and their help. In docs/format.md only
the kinds of entry are, and in docs/trust.md the rules, between two marks. tests/test_reference.py fails when a page lags behind.
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


def _keys(keys: Sequence[Key]) -> list[str]:
    rows = [
        f"| `{key.name}` | {key.form}{': ' + ', '.join(key.choices) if key.choices else ''} | {'yes' if key.required else ''} |"
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


# Every page this script writes, as it ought to be.
PAGES: dict[str, Callable[[], str]] = {
    "commands.md": lambda: commands("en"),
    "id/perintah.md": lambda: commands("id"),
    "format.md": format_page,
    "trust.md": trust_page,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
