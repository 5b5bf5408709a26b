"""Whether a PDF can be laid out and read here: the libraries of a system, not only of Python, take part."""

from __future__ import annotations

import pytest


def need_pdf() -> None:
    """Skip the rest of a module where a PDF cannot be made or read."""
    pytest.importorskip("pypdf", reason="pypdf is not installed")
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError) as error:
        pytest.skip(f"WeasyPrint cannot be loaded here: {str(error)[:80]}", allow_module_level=True)
