"""Signed closings: what is signed of a closing, who may sign for an organisation, and how the files are called.

Beside the fund.toml whose closing is signed stand the text that was signed, `closing-2026-01-a8d2f77f.txt`, and for
each who signed it a signature as `ssh-keygen -Y sign` makes it, so that anyone can verify them without this program.
"""

from __future__ import annotations

import re
from datetime import date
from hashlib import blake2b
from typing import NamedTuple

from wksbm_cli.domain.closing import Closing
from wksbm_cli.domain.inline import inline
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.table import TomlTable
from wksbm_cli.domain.units import Unit

# What a signature is for: one that was given for something else (a commit, a letter) is none of a closing.
NAMESPACE, WITNESSING = "wksbm", "wksbm-witness"
# A public key as OpenSSH writes it, without its comment: nothing in it is an option of an `allowed_signers` file.
_PUBLIC_KEY = re.compile(r"((?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]{3,60} [A-Za-z0-9+/]{20,3000}={0,2})(?: .*)?")
_FILE = re.compile(
    r"(?P<text>closing-(?P<period>[0-9]{4}(?:-[0-9]{2})?)-[0-9a-f]{8})"
    r"(?:\.txt|\.(?P<signer>[a-z0-9][a-z0-9-]{0,62})(?P<witness>\.witness)?\.sig)"
)


class Signer(NamedTuple):
    """Whose key a signature of an organisation's closings may be of: of closings made up to its last day. From its first
    day on it is registered; what was closed before that may be signed with it later.
    """

    slug: str
    name: str
    key: str
    start: date | None = None
    end: date | None = None

    @classmethod
    def from_table(cls, slug: str, table: object) -> Signer:
        row = TomlTable(table, f"signers.{slug}")
        text: str = row.take("key", str, required=True)
        key = public_key(text)
        if key is None:
            raise row.problem(msg("This is no public key of OpenSSH."), "key")
        signer = cls(slug, row.take("name", str, slug), key, row.take("from", date), row.take("to", date))
        row.done()
        return signer

    def may_sign(self, day: date) -> bool:
        """Whether the key is good for a closing of that day."""
        return self.end is None or day <= self.end


class SignedFile(NamedTuple):
    """A file of a signed closing by its name: `text` is that of the text it belongs to, `signer` '' where it is the text."""

    text: str
    period: str
    signer: str
    is_witness: bool


def public_key(text: str) -> str | None:
    """The key in a line as OpenSSH writes it, its comment left out; None for anything else."""
    match = _PUBLIC_KEY.fullmatch(text.strip())
    return match[1] if match else None


def statement(fund: str, closing: Closing, units: dict[str, Unit]) -> str:
    """The text that is signed: the closing as fund.toml has it, a line for each key, under the fund's name.

    A later reopening is no part of it: the closing was what it was.
    """
    table = {"fund": fund, **closing.to_table(units)}
    return "".join(f"{key} = {inline(value)}\n" for key, value in table.items())


def text_name(period: str, text: str) -> str:
    """The name of the file that holds a statement, without its ending."""
    return f"closing-{period}-{blake2b(text.encode(), digest_size=4).hexdigest()}"


def signature_name(text: str, signer: str, *, is_witness: bool) -> str:
    return f"{text}.{signer}{'.witness' if is_witness else ''}.sig"


def signed_file(name: str) -> SignedFile | None:
    """What a file of this name holds of a signed closing; None for any other."""
    match = _FILE.fullmatch(name)
    return match and SignedFile(match["text"], match["period"], match["signer"] or "", match["witness"] is not None)
