"""What a sentence tells one to type exists: every command and option named, in the language of the sentence."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from typer.core import TyperCommand, TyperGroup

import wksbm_cli
from wksbm_cli.cli.app import build, root
from wksbm_cli.cli.names import COMMANDS, Command

PACKAGE = Path(wksbm_cli.__file__).parent
CATALOGUE = PACKAGE / "locales" / "id" / "LC_MESSAGES" / "wksbm.po"
# Up to the end of the sentence, or of what stands in brackets.
TYPED = re.compile(r"\bwksbm((?: +(?:\[[^]]*\]|[^\s,;().]+(?:\.\.\.)?))+)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
OF_TYPER = {"--help", "--version"}


def sentences(language: str) -> list[str]:
    with CATALOGUE.open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    told = [message.id if language == "en" else message.string for message in messages]
    return [text for each in told for text in ((each,) if isinstance(each, str) else each or ())]


def every(commands: tuple[Command, ...] = COMMANDS) -> Iterator[Command]:
    for command in commands:
        yield command
        yield from every(command.children)


def options_of(command: TyperCommand | TyperGroup) -> set[str]:
    return {name for param in command.params if param.param_type_name == "option" for name in param.opts}


def all_options(language: str) -> set[str]:
    built = [build(command, language) for command in every() if command.target]
    program = root.__wrapped__(language)  # not the one that other tests run: here nothing speaks its language
    return set().union(*map(options_of, [*built, program])) | OF_TYPER


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_option_named_is_one(language: str) -> None:
    known = all_options(language)
    ours = [text for text in sentences(language) if not re.search(r"\bgit [\w{]", text)]
    wrong = [(option, text) for text in ours for option in OPTION.findall(text) if option not in known]
    assert not wrong, "\n".join(map(str, wrong))


def test_every_option_of_an_example_is_one() -> None:
    known = all_options("en") | all_options("id")
    examples = [
        keyword.value.value
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "example" and isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str)
    ]
    assert len(examples) > 20
    wrong = [example for example in examples for option in OPTION.findall(example) if option not in known]
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_command_named_is_one_and_has_the_options_named_with_it(language: str) -> None:
    wrong = []
    for text in sentences(language):
        for typed in TYPED.findall(text):
            words = typed.split()
            command, among = None, COMMANDS
            while words and (found := next((each for each in among if each.called(language) == words[0]), None)):
                command, among = found, found.children
                words.pop(0)
            if command is None:
                if not words[0].startswith(("-", "{", "[", "...")):
                    wrong.append(text)
            elif command.target:
                known = options_of(build(command, language)) | OF_TYPER
                wrong += [text for option in OPTION.findall(" ".join(words)) if option not in known]
            elif words and words[0][0].islower():
                wrong.append(text)
    assert not wrong, "\n".join(map(str, wrong))
