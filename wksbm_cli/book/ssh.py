"""The ssh-keygen program, asked to sign a text and to verify a signature; keys and passphrases stay with it.

It gets files in a temporary folder, never a name from a book that it could parse as an option.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Refused, Trouble, reason_of
from wksbm_cli.domain.signing import public_key

# A signature with the largest RSA keys in use has three kilobytes.
LARGEST_SIGNATURE = 1 << 16
_LARGEST_KEY = 1 << 16


def is_installed() -> bool:
    return shutil.which("ssh-keygen") is not None


def read_public_key(path: Path) -> str:
    """The public key of a key file: the file itself, or the one beside it that ends in `.pub`."""
    for candidate in (path, path.with_name(f"{path.name}.pub")):
        try:
            with candidate.open("rb") as file:
                key = public_key(file.read(_LARGEST_KEY).decode("utf-8", "replace"))
        except OSError as error:
            if candidate == path:
                raise Refused(
                    msg("{path} cannot be read: {reason}.", path=str(path), reason=reason_of(error)),
                    hint=msg("To make a key: ssh-keygen -t ed25519"),
                ) from None
            break
        if key is not None:
            return key
    raise Refused(
        msg("There is no public key in {path}, nor beside it.", path=str(path)),
        hint=msg("To make one from a private key: ssh-keygen -y -f {path} > {path}.pub", path=str(path)),
    )


def sign(key: Path, text: str, namespace: str) -> str:
    """A signature of a text. A passphrase is asked for by ssh-keygen itself, or known to the user's agent."""
    _check_installed()
    with TemporaryDirectory(prefix="wksbm-") as place:
        signed = Path(place) / "text"
        signed.write_bytes(text.encode())
        done = subprocess.run(
            ["ssh-keygen", "-q", "-Y", "sign", "-f", os.fspath(key.resolve()), "-n", namespace, os.fspath(signed)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        made = signed.with_name("text.sig")
        if done.returncode != 0 or not made.is_file():
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise Trouble(
                msg("The key did not sign: {reason}.", reason=said[-1] if said else str(done.returncode)),
                hint=msg(
                    "Try it by itself: ssh-keygen -Y sign -f {key} -n {namespace} FILE",
                    key=str(key),
                    namespace=namespace,
                ),
            )
        return made.read_text()


def verify(key: str, text: str, signature: bytes, namespace: str) -> bool:
    """Whether this key made the signature of this very text, for this purpose."""
    _check_installed()
    with TemporaryDirectory(prefix="wksbm-") as place:
        signers, made = Path(place) / "signers", Path(place) / "signature"
        signers.write_text(f'signer namespaces="{namespace}" {key}\n')
        made.write_bytes(signature)
        done = subprocess.run(
            ["ssh-keygen", "-Y", "verify", "-f", signers, "-I", "signer", "-n", namespace, "-s", made],
            input=text.encode(),
            capture_output=True,
            check=False,
        )
    return done.returncode == 0


def _check_installed() -> None:
    if not is_installed():
        raise Refused(
            msg("Signatures are made and verified by ssh-keygen, which is not installed here."),
            hint=msg("It comes with OpenSSH. No key is needed for anything else."),
        )
