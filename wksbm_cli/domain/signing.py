"""Signed closings: the statement that is signed, who may sign for an organisation, and the names of the files.

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

# The namespace of `ssh-keygen -Y`: a signature made for something else (a commit, a letter) does not verify a closing.
NAMESPACE, WITNESSING = "wksbm", "wksbm-witness"
# A public key without its comment; it cannot contain an option of an `allowed_signers` file.
_PUBLIC_KEY = re.compile(r"((?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]{3,60} [A-Za-z0-9+/]{20,3000}={0,2})(?: .*)?")
_FILE = re.compile(
    r"(?P<text>closing-(?P<period>[0-9]{4}(?:-[0-9]{2})?)-[0-9a-f]{8})"
    r"(?:\.txt|\.(?P<signer>[a-z0-9][a-z0-9-]{0,62})(?P<witness>\.witness)?\.sig)"
)


class Signer(NamedTuple):
    """A registered key that may sign an organisation's closings up to its last day. `start` is when it was registered;
    earlier closings may be signed with it later.
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
    """A file of a signed closing, parsed from its name: `text` names the statement, `signer` is '' for the statement itself."""

    text: str
    period: str
    signer: str
    is_witness: bool


def public_key(text: str) -> str | None:
    """The key in a line of a public key file, without its comment; None for anything else."""
    match = _PUBLIC_KEY.fullmatch(text.strip())
    return match[1] if match else None


def statement(fund: str, closing: Closing, units: dict[str, Unit]) -> str:
    """The statement that is signed: the fund's name, then each key of the closing as in fund.toml, one a line.

    A later reopening is left out, so that signatures stay valid.
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
