"""The program as Typer builds it, with each command loaded when it is called and named in two languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from gettext import gettext
from importlib import import_module
from shutil import get_terminal_size
from typing import Any, get_args, get_type_hints

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from wksbm_cli.cli.names import COMMANDS, PLUMBING, PROGRAM, SYNONYMS, Command, indonesian_option
from wksbm_cli.cli.session import Session
from wksbm_cli.cli.usage import errors, usage_error, write_parameters, write_sections, write_usage
from wksbm_cli.domain.units import below_zero


def _narrow(ctx: Any) -> None:
    """Allow help as narrow as a phone's terminal: Click's minimum is 50 columns."""
    columns = get_terminal_size().columns
    if columns < _LEAST_OF_CLICK:
        ctx.terminal_width = columns


class LazyGroup(TyperGroup):
    """A group that knows its commands from the table and builds one only when it is asked for."""

    specs: Sequence[Command] = ()
    plumbing: Sequence[Command] = ()
    language = "en"

    def list_commands(self, ctx: Any) -> list[str]:
        return [spec.called(self.language) for spec in self.specs]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        for spec in (*self.specs, *self.plumbing):
            if cmd_name in (spec.name, spec.indonesian):
                if spec.name not in self.commands:
                    self.commands[spec.name] = build(spec, self.language)
                return self.commands[spec.name]
        return None

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name = args[0]
        if self.get_command(ctx, name) is None:
            near = self._meant(name)
            text = gettext("There is no command {name!r}.").format(name=name)
            if near:
                text += " " + gettext("Did you mean {names}?").format(names=", ".join(near))
            elif len(self.specs) < _TOO_MANY:
                text += " " + gettext("Choose from: {names}").format(names=", ".join(self.list_commands(ctx)))
            raise usage_error(text, ctx)
        spec = next((spec for spec in self.specs if name in (spec.name, spec.indonesian)), None)
        if spec is not None and spec.target and len(args) > 1:
            for child in spec.children:
                if args[1] in (child.name, child.indonesian):
                    command = build(child, self.language)
                    return f"{spec.called(self.language)} {command.name}", command, args[2:]
        command = self.get_command(ctx, name)
        return name, command, args[1:]

    def get_help(self, ctx: Any) -> str:
        _narrow(ctx)
        return super().get_help(ctx)

    def _meant(self, typed: str) -> list[str]:
        """Suggested commands, by their names in the reader's language."""
        from wksbm_cli.domain.slug import nearest

        if self.specs is COMMANDS and (name := SYNONYMS[self.language].get(typed)):
            return [spec.called(self.language) for spec in self.specs if spec.name == name]
        return nearest(typed, [spec.called(self.language) for spec in self.specs])

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except errors.BadOptionUsage as error:
            error.ctx = error.ctx or ctx
            raise

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        write_usage(self, ctx, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        if self.specs is COMMANDS:
            write_sections(self.language, self.get_params(ctx), formatter)
            return
        write_parameters(self.get_params(ctx), ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list in help comes from the table alone: no command is loaded for it."""
        with formatter.section(gettext("Commands")):
            formatter.write_dl([(spec.called(self.language), gettext(spec.help)) for spec in self.specs])


class LazyCommand(TyperCommand):
    """A command whose options answer to both languages, and that asks on a terminal for what is missing."""

    # What is too many is told in our own words.
    allow_extra_args = True
    shared: TyperCommand | None = None

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        given = list(args)
        try:
            rest = super().parse_args(ctx, list(given))
        except errors.MissingParameter as missing:
            from wksbm_cli.cli.asking import ask, can_ask

            if missing.param is None or ctx.resilient_parsing:
                raise
            if not can_ask():
                missing.missing = self._missing(ctx, given)
                raise

            answer = ask(missing.param, ctx.ensure_object(Session))
            named = [] if missing.param.param_type_name == "argument" else [missing.param.opts[0]]
            return self.parse_args(ctx, [*given, *named, answer])
        except errors.NoSuchOption:
            if typed := next(filter(_NEGATIVE.match, given), None):
                raise below_zero(typed) from None
            raise
        except errors.BadOptionUsage as error:
            error.ctx = error.ctx or ctx  # the parser does not say which command it was
            raise
        if rest and not ctx.resilient_parsing:
            raise usage_error(gettext("More was typed than is asked for: {words}").format(words=" ".join(rest)), ctx)
        return rest

    def _missing(self, ctx: Any, args: Sequence[str]) -> list[Any]:
        """Every parameter that must be typed and was not, not only the first."""
        typed, _, _ = self.make_parser(ctx).parse_args(list(args))
        return [
            param
            for param in self.params
            if param.required and param.value_is_missing(param.consume_value(ctx, typed)[0])
        ]

    def get_help(self, ctx: Any) -> str:
        _narrow(ctx)
        return super().get_help(ctx)

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        write_usage(self, ctx, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        write_parameters(self.get_params(ctx), ctx, formatter)

    def format_arguments(self, ctx: Any, formatter: Any) -> None:
        """Nothing: Typer lists the arguments with the options, and from 8.5 on Click would list them again."""

    def invoke(self, ctx: Any) -> Any:
        """Move options shared with other commands into the session."""
        if self.shared is not None:
            names = {param.name for param in self.shared.params}
            values = {name: ctx.params.pop(name) for name in list(ctx.params) if name in names}
            assert self.shared.callback is not None
            session = ctx.ensure_object(Session)
            session.context, session.given = ctx, dict(ctx.params)
            session.shared = self.shared.callback(**values)
        return super().invoke(ctx)


_HELP = ["--help", "-h"]
_LEAST_OF_CLICK = 52
# With more commands than this an error does not list them.
_TOO_MANY = 20
# Typed as an amount, Click reads `-5000` and `-Rp5.000` as options.
_NEGATIVE = re.compile(r"-([0-9]|rp)", re.IGNORECASE)


def _localise(command: TyperCommand | TyperGroup, language: str) -> None:
    """Give each option both its names, that of the language first, and translate what help and usage say of it."""
    command.options_metavar = gettext("[OPTIONS]")
    if isinstance(command, TyperGroup):
        optional = command.invoke_without_command
        command.subcommand_metavar = gettext("[COMMAND] [ARGS]...") if optional else gettext("COMMAND [ARGS]...")
    for param in command.params:
        if param.metavar:
            param.metavar = gettext(param.metavar)
        if isinstance(param, TyperOption):
            if other := indonesian_option(param.opts[0], param.metavar):
                param.opts.insert(0 if language == "id" else len(param.opts), other)
            if param.help:
                param.help = gettext(param.help)
            if param.default and type(param.default) is str and (word := gettext(param.default)) != param.default:
                param.show_default = word
        elif isinstance(param, TyperArgument) and param.help:
            param.help = gettext(param.help)


def build(spec: Command, language: str) -> TyperCommand | TyperGroup:
    """The command of a row of the table."""
    name = spec.called(language)
    if not spec.target:
        group = LazyGroup(
            name=name,
            help=gettext(spec.help),
            rich_markup_mode=None,
            no_args_is_help=True,
            context_settings={"help_option_names": _HELP},
        )
        group.specs, group.language = spec.children, language
        _localise(group, language)
        return group
    command = _from_function(_load(spec.target), name, spec.help, spec.manual)
    if spec.shared:
        command.shared = _from_function(_load(f"shared:{spec.shared}"), spec.shared)
        command.params += command.shared.params
    _localise(command, language)
    return command


def _load(target: str) -> Callable[..., Any]:
    module, _, function = target.partition(":")
    loaded: Callable[..., Any] = getattr(import_module(f"wksbm_cli.cli.{module}"), function)
    return loaded


def _from_function(function: Callable[..., Any], name: str, *paragraphs: str) -> LazyCommand:
    """Typer's own reading of a function's signature, with the paragraphs of its help."""
    text = "\n\n".join(gettext(paragraph) for paragraph in paragraphs if paragraph)
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name, cls=LazyCommand, help=text, context_settings={"help_option_names": _HELP})(function)
    command = typer.main.get_command(app)
    assert isinstance(command, LazyCommand)
    _restore_argument_help(command, function)
    return command


def _restore_argument_help(command: TyperCommand | TyperGroup, function: Callable[..., Any]) -> None:
    """Click 8.5 gave arguments a help of their own, which clears the one that Typer had set."""
    declared = get_type_hints(function, include_extras=True)
    for param in command.params:
        if isinstance(param, TyperArgument) and not param.help:
            param.help = next((info.help for info in get_args(declared[str(param.name)])[1:]), None)


@cache
def root(language: str) -> TyperCommand | TyperGroup:
    """`wksbm` itself, in a language. Built once: whoever runs many commands in one process pays once for each."""
    function = _load("program:root")
    app = typer.Typer(cls=LazyGroup, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.callback(
        invoke_without_command=True,
        help=gettext(PROGRAM),
        context_settings={"help_option_names": _HELP},
    )(function)
    command = typer.main.get_command(app)
    assert isinstance(command, LazyGroup)
    command.specs, command.plumbing, command.language = COMMANDS, PLUMBING, language
    _localise(command, language)
    return command
