"""Usage errors and the help of a command, in the reader's language.

Errors are translated from their class and fields, never from their text. Typer vendors Click from 0.26 on, and before
used the installed one; the classes are taken from whichever it is, hence `Any` in place of Click's own types.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from gettext import gettext
from importlib import import_module
from typing import Any

from typer.core import TyperCommand

from wksbm_cli.cli.names import COMMANDS, N_, SECTIONS

# The module of Click's exceptions: `click.exceptions`, or the one of Typer's copy.
errors: Any = import_module(f"{TyperCommand.__mro__[1].__module__.rpartition('.')[0]}.exceptions")

# Columns of a terminal below which what is in a section stands under its title.
_NARROW = 60
# There what a longer name means stands below it.
_NAME_OF_NARROW = 10
# Options that Typer adds by itself.
ADDED = {
    "help": N_("Show this message and exit."),
    "install_completion": N_("Install completion for the current shell."),
    "show_completion": N_("Show completion for the current shell, to copy it or customize the installation."),
}


def usage_error(text: str, ctx: Any) -> Exception:
    """A usage error of our own, whose text is shown as it is."""
    error: Exception = errors.UsageError(text, ctx)
    error.is_ours = True  # type: ignore[attr-defined]
    return error


def shown(error: Any) -> str:
    """The lines for the terminal: how the command is used, where help is, and what was wrong."""
    ctx: Any = getattr(error, "ctx", None)
    if isinstance(error, errors.NoArgsIsHelpError):
        return str(ctx.get_help())
    help_line = ""
    if ctx is not None:
        hint = gettext("Try '{command} {option}' for help.")
        help_line = hint.format(command=ctx.command_path, option=ctx.help_option_names[0])
    if missing := getattr(error, "missing", None):
        return f"{_what_is_missing(missing, ctx)}\n{help_line}"
    lines = [gettext("Error: {message}").format(message=_explained(error, ctx))]
    if ctx is not None:
        lines = [ctx.get_usage(), help_line, "", *lines]
    return "\n".join(lines)


def _explained(error: Any, ctx: Any) -> str:
    if getattr(error, "is_ours", False):
        return str(error.message)
    match error:
        case errors.NoSuchOption():
            unknown = gettext("No such option {name}.").format(name=repr(error.option_name))
            return unknown + _meant(error, ctx)
        case errors.BadParameter() if error.param is not None:
            return _bad_value(error.param)
        case errors.BadOptionUsage():
            return _bad_option(error.option_name, ctx)
        case errors.UsageError() if ctx is not None and hasattr(ctx.command, "list_commands"):
            names = ", ".join(ctx.command.list_commands(ctx))
            return gettext("Name a command: {names}").format(names=names)
    return str(error.format_message())


# What may stand for a parameter in an example, by its name in the code; what a person would write is in quotes.
_EXAMPLES = {
    "fund": "kas-sosial",
    "to_fund": "kas-rt",
    "member": "budi",
    "amount": "10rb",
    "from_": '"Bu Siti"',
    "to": '"Bu Darmi"',
    "for_": '"besuk sakit"',
    "reason": '"salah catat"',
    "id_": "3f9a0c17",
    "place": "kas",
    "to_place": "bank",
    "give": '"40 kg beras"',
    "get": "480rb",
}


def _what_is_missing(params: Sequence[Any], ctx: Any) -> str:
    """Each thing that must be typed and was not, with its meaning, and the whole command as it may be typed."""
    names = [param.opts[0] if param.param_type_name == "option" else param.human_readable_name for param in params]
    room = max(map(len, names))
    lines = [gettext("Missing:")]
    lines += [f"  {name:<{room}}  {param.help or ''}".rstrip() for name, param in zip(names, params, strict=True)]
    required = [param for param in ctx.command.params if param.required]
    if all(param.name in _EXAMPLES for param in required):
        words = [
            f"{param.opts[0]} {_EXAMPLES[param.name]}" if param.param_type_name == "option" else _EXAMPLES[param.name]
            for param in required
        ]
        lines.append(gettext("Type for instance: {example}").format(example=" ".join([ctx.command_path, *words])))
    return "\n".join(lines)


def _names(param: Any) -> str:
    """`'--reason' / '--alasan'`, or what stands for an argument."""
    if param.param_type_name == "option":
        return " / ".join(map(repr, param.opts))
    return repr(param.human_readable_name)


def _meant(error: Any, ctx: Any) -> str:
    """Suggested options by their names in the reader's language; all of them where no name is similar."""
    if ctx is None or hasattr(ctx.command, "list_commands"):
        return ""
    names = {name: param.opts[0] for param in ctx.command.params for name in param.opts if name.startswith("-")}
    near = dict.fromkeys(names[name] for name in error.possibilities or () if name in names)
    told = gettext("Did you mean {names}?") if near else gettext("Choose from: {names}")
    return " " + told.format(names=", ".join(near or dict.fromkeys(names.values())))


def _bad_value(param: Any) -> str:
    least = getattr(param.type, "min", None)
    if least is not None:
        return gettext("Invalid value for {name}: type a whole number, {least} or more.").format(
            name=_names(param), least=least
        )
    return gettext("Invalid value for {name}: type a whole number.").format(name=_names(param))


def _bad_option(name: str, ctx: Any) -> str:
    """An option left without its value, or a switch that was given one."""
    is_switch = ctx is not None and any(name in param.opts and param.is_flag for param in ctx.command.params)
    told = gettext("Option {name} takes no value.") if is_switch else gettext("Option {name} needs a value.")
    return told.format(name=repr(name))


def usage_of(command: Any, ctx: Any) -> str:
    """`[OPTIONS] FUND MEMBER AMOUNT`, an argument that may be left out in brackets."""
    pieces = [command.options_metavar]
    for param in command.params:
        if param.param_type_name == "argument":
            name = param.make_metavar(ctx)
            pieces.append(name if param.required or name.startswith("[") else f"[{name}]")
    if hasattr(command, "subcommand_metavar"):
        pieces.append(command.subcommand_metavar)
    return " ".join(pieces)


def write_usage(command: Any, ctx: Any, formatter: Any) -> None:
    formatter.write_usage(ctx.command_path, usage_of(command, ctx), prefix=gettext("Usage:") + " ")


def write_sections(language: str, params: Iterable[Any], formatter: Any) -> None:
    """The commands of the program by their names alone, in sections; from the table, so that none is loaded for it."""
    sections: list[tuple[str, list[str]]] = []
    for spec in COMMANDS:
        if spec.name in SECTIONS:
            sections.append((gettext(SECTIONS[spec.name]), []))
        sections[-1][1].append(spec.called(language))
    _write_block([(title, ", ".join(names)) for title, names in sections], formatter)
    help_ = next(spec.called(language) for spec in COMMANDS if spec.name == "help")
    more = (
        (gettext("wksbm {help} collect"), gettext("one command")),
        (gettext("wksbm {help} all"), gettext("every command with its line")),
    )
    _write_block([(typed.format(help=help_), meaning) for typed, meaning in more], formatter)
    options = [param for param in params if param.name not in ADDED or param.name == "help"]
    _write_block([("", ", ".join(f"{param.opts[0]} {param.metavar or ''}".strip() for param in options))], formatter)


def _write_block(rows: Sequence[tuple[str, str]], formatter: Any) -> None:
    """Titles with what belongs to them beside them, or below them where the terminal is narrow."""
    from wksbm_cli.render.wrapping import wrapped  # breaks no name at its hyphen

    is_narrow = formatter.width < _NARROW
    left = 2 if is_narrow else max(len(title) for title, _ in rows) + 2
    if rows[0][0]:
        formatter.write("\n")
    for title, text in rows:
        lines = wrapped(text, formatter.width - left)
        if is_narrow and title:
            formatter.write(f"{title}\n")
            title = ""
        for number, line in enumerate(lines):
            formatter.write(f"{title if not number else '':<{left if rows[0][0] else 0}}{line}\n")


def write_parameters(params: Iterable[Any], ctx: Any, formatter: Any) -> None:
    """Arguments, then options, each with what it means."""
    arguments: list[tuple[str, str]] = []
    options: list[tuple[str, str]] = []
    for param in params:
        if (record := param.get_help_record(ctx)) is not None:
            is_option = param.param_type_name == "option"
            (options if is_option else arguments).append((record[0], _meaning(param, ctx)))
    for heading, records in ((gettext("Arguments"), arguments), (gettext("Options"), options)):
        if records:
            with formatter.section(heading):
                formatter.write_dl(records, col_max=30 if formatter.width >= _NARROW else _NAME_OF_NARROW)


def _meaning(param: Any, ctx: Any) -> str:
    """What help says of a parameter: its sentence, then its default, its least value, and whether it must be given."""
    text = gettext(ADDED[param.name]) if param.name in ADDED else param.help or ""
    notes = []
    if default := _default(param, ctx):
        notes.append(gettext("default: {default}").format(default=default))
    if (least := getattr(param.type, "min", None)) is not None:
        notes.append(f"x>={least}")
    if param.required:
        notes.append(gettext("required"))
    return f"{text}  [{'; '.join(notes)}]" if notes else text


def _default(param: Any, ctx: Any) -> str:
    if type(param.show_default) is str:
        return str(param.show_default)
    value = param.get_default(ctx, call=False) if param.show_default else None
    if value is None or value is False or not isinstance(value, (str, int, list, tuple)):
        return ""
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
