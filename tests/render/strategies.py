"""Reports made up by Hypothesis: any text a person may type, any amount, one table as data and as people read it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from hypothesis import strategies as st

from wksbm_cli.domain.dates import Span
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.slug import check_text
from wksbm_cli.domain.units import IDR, LARGEST_WHOLE, Amount
from wksbm_cli.reports.report import Column, Report, Table

# What acts somewhere: in a shell's page, a message, a document, a spreadsheet; and, after it, what does at a line's start.
_ACTING = "* _ ~ ` | < > & [ ] ( ) # - + = @ \\ \" ' ![ -- <b> <script> &amp; http://a.b www.a.b"
ACTING = tuple(_ACTING.split())
AT_START = ("- ", "> ", "1. ", "2) ", "# ", "+ ", "* ", "=", "-", "@", "    ")


def _clean(text: str) -> str:
    try:
        return check_text(text)
    except Exception:
        return "x"


TEXTS = st.one_of(
    st.text(max_size=60).map(_clean),
    st.text("abc ", min_size=40, max_size=90).map(_clean),
    st.lists(st.sampled_from((*ACTING, "Budi", "iuran", " ")), max_size=12).map(lambda parts: "".join(parts).strip()),
    st.tuples(st.sampled_from(AT_START), st.text("abc *_-", min_size=1, max_size=50)).map(
        lambda two: "".join(two).strip()
    ),
)
AMOUNTS = st.integers(-LARGEST_WHOLE, LARGEST_WHOLE).map(lambda minor: Amount(minor, IDR))


def _sum(values: Iterable[object]) -> Amount:
    return Amount(sum(value.minor for value in values if isinstance(value, Amount)), IDR)


@st.composite
def reports(draw: st.DrawFn, figures: int | None = None) -> Report:
    """A report of one table: a date, a text, some amounts; its total is their sum."""
    count = figures if figures is not None else draw(st.integers(1, 5))
    columns = (
        Column("date", msg("Date"), "date"),
        Column("text", msg("Description")),
        *(Column(f"amount{number}", msg("Amount"), "amount") for number in range(count)),
    )
    rows = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "date": st.dates(date(2000, 1, 1), date(2100, 1, 1)),
                    "text": TEXTS,
                    **{f"amount{number}": AMOUNTS for number in range(count)},
                }
            ),
            max_size=5,
        )
    )
    total = {f"amount{number}": _sum(row[f"amount{number}"] for row in rows) for number in range(count)}
    table = Table(
        columns, tuple(rows), ({"text": msg("Total"), **total},), title=msg("{name}", name=draw(TEXTS) or "x")
    )
    return Report(
        name="made-up",
        title=msg("Summary"),
        book=draw(TEXTS) or "x",
        span=Span.month(2026, 2),
        data=table,
        tables=(table,),
        before=tuple(msg("{text}", text=text) for text in draw(st.lists(TEXTS.filter(bool), max_size=2))),
        notes=tuple(msg("{text}", text=text) for text in draw(st.lists(TEXTS.filter(bool), max_size=2))),
        seal={
            "text": "wksbm2 all 2 2026-01-31T20:00:00+07:00 dc3af648-509e97d6-1d3459d9-da42c65e-0d65a674"
            " 2026-01-31 a0887aff-7e53d77d-5b7e78d1-b9fe865c-b05cd7e8"
        },
    )
