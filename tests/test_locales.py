"""Both languages, always: every sentence has its Indonesian, with the same places for values."""

from __future__ import annotations

import importlib.util
import io
import string
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.pofile import read_po

from tests.conftest import Typist

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def catalogue() -> ModuleType:
    loader = SourceFileLoader("catalogue", str(ROOT / ".ci" / "catalogue"))
    spec = importlib.util.spec_from_loader("catalogue", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_every_sentence_is_translated_and_the_compiled_catalogue_is_current(catalogue: ModuleType) -> None:
    merged = catalogue.merged()
    assert catalogue.missing(merged) == []
    text = catalogue.po_text(merged)
    assert catalogue.PO.read_bytes() == text, "run python .ci/catalogue"
    compiled = catalogue.mo_bytes(read_po(io.BytesIO(text), locale="id"))
    assert catalogue.PO.with_suffix(".mo").read_bytes() == compiled, "run python .ci/catalogue"


def test_no_sentence_is_both_plain_and_the_singular_of_a_plural(catalogue: ModuleType) -> None:
    """gettext keys both by the same text, and the one would be answered with the other's translation."""
    plain: set[str] = set()
    singular: set[str] = set()
    for path in (ROOT / "wksbm_cli").rglob("*.py"):
        with path.open("rb") as file:
            for _, found, _, _ in catalogue.extract("python", file, keywords=catalogue.OURS):
                plain |= {found} if isinstance(found, str) else set()
                singular |= {found[0]} if isinstance(found, tuple) else set()
    assert not plain & singular


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_translations_have_the_places_of_their_sentences(catalogue: ModuleType) -> None:
    """A value lost in translation is a figure the reader never sees; one invented is a crash."""
    for message in catalogue.merged():
        if not message.id or "%(" in str(message.id):
            continue
        ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
        strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        expected = set().union(*(places(text) for text in ids))
        for text in strings:
            # A plural may say "{count}" where the English singular says "once".
            assert places(text) <= expected | {"count"}, message.id
            assert expected - places(text) <= {"choice", "possibility", "format"}, message.id


@pytest.mark.parametrize(
    ("words", "indonesian"),
    [
        (["iuran"], "Belum disebut:\n  DANA "),
        (["saldo", "--ngawur"], "Tidak ada opsi '--ngawur'. Pilihannya: --menurut"),
        (["--ngawur"], "Tidak ada opsi '--ngawur'"),
        (["batal", "3f9a"], "Belum disebut:\n  --alasan "),
        (["saldo", "kemarin", "lusa"], "Ada yang diketik lebih dari yang diminta: "),
        (["saldo", "--bulan"], "Opsi '--bulan' perlu nilai"),
        (["saldo", "--ringkas=3"], "Opsi '--ringkas' tidak memakai nilai"),
        (["kematian", "jenjang", "dana", "dua", "5000"], "Nilai tidak sah untuk 'TAHUN': ketik bilangan bulat."),
        (
            ["telusur", "--hari", "-1"],
            "Nilai tidak sah untuk '--hari' / '--days': ketik bilangan bulat, paling sedikit 0.",
        ),
        (["anggota", "--"], "Sebutkan perintahnya: tambah, "),
        (["anggota", "tmbah"], "Tidak ada perintah 'tmbah'. Maksudnya tambah"),
        (["saldoo"], "Tidak ada perintah 'saldoo'. Maksudnya saldo"),
        (["--help"], "Cara pakai: wksbm"),
        (["iuran", "--help"], "--untuk, --for PERIODE"),
    ],
)
def test_usage_and_its_errors_speak_indonesian(typist: Typist, words: list[str], indonesian: str) -> None:
    answer = typist(*words, lang="id")
    assert indonesian in answer.out + answer.err


def test_amounts_and_dates_are_written_as_each_language_does(book: Typist) -> None:
    book.must("opening", "kas-sosial", "1.250.000", "--date", "2026-01-05")
    assert "Rp1.250.000" in book.must("balance", lang="id").out
    assert "Rp1,250,000" in book.must("balance", lang="en").out
    assert "5 Januari 2026" in book.must("balance", "--as-of", "2026-01-05", lang="id").out
    assert "5 January 2026" in book.must("balance", "--as-of", "2026-01-05", lang="en").out
