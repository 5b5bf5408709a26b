"""The supervisor's report: what the ledgers add up to, people counted once, none of them named or pointed at."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Typist
from tests.reports.books import EXAMPLE, READER, YEAR, changes, drawn, spans, standing
from wksbm_cli import Span
from wksbm_cli.render.formats import FORMATS
from wksbm_cli.reports.annual import annual
from wksbm_cli.reports.helped import OTHER, Group, without_few
from wksbm_cli.reports.supervisor import supervisor


@pytest.fixture
def example(typist: Typist) -> Typist:
    shutil.copytree(EXAMPLE, typist.folder / "ledgers", ignore=shutil.ignore_patterns(".wksbm"))
    return typist


def ask(book: Typist, *words: str) -> dict[str, Any]:
    return book.must("supervisor", *(words or ("--year", "2025")), "--format", "json").json  # type: ignore[no-any-return]


def item(fund: str, unit: str, entry: dict[str, Any], amount: Decimal) -> dict[str, Decimal]:
    """The lines of receipts and payments that an entry belongs to, from what docs/format.md says of it alone."""
    way = "in" if amount > 0 else "out"
    kind = entry["kind"]
    if kind == "contribution":
        arisan = tomllib.loads((EXAMPLE / fund / "fund.toml").read_text())["type"] == "arisan"
        return {"members-in" if arisan else "contributions": amount}
    if kind == "repayment":
        beside = sum((Decimal(entry.get(key, 0)) for key in ("charge", "fine")), Decimal())
        return {"charges": beside, "repaid": amount - beside}
    if kind in ("donation", "income"):
        return {f"{kind}:{entry['source']}": amount}
    if kind == "disbursement":
        return {f"help:{entry.get('pillar', '')}": -amount}
    name = {"expense": "running-costs", "loan": "lent", "saving": "members-in"}.get(kind)
    name = name or {"exchange": f"exchanged-{way}", "transfer": f"transfers-{way}", "count": f"counts-{way}"}.get(kind)
    return {name or "members-out": abs(amount)}


def test_receipts_and_payments_are_what_the_ledgers_add_up_to(example: Typist) -> None:
    expected: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for fund, entry, cancelled in standing(*YEAR):
        assert cancelled is None
        for of, unit, amount in changes(fund, entry):
            organisation = of.partition("/")[0]
            inside = {of.partition("/")[0], fund.partition("/")[0], entry.get("to_fund", of).partition("/")[0]}
            if entry["kind"] == "opening" or (entry["kind"] == "transfer" and len(inside) == 1):
                continue
            for name, part in item(of, unit, entry, amount).items():
                expected[organisation, unit, name] += part
    told = {
        (row["organisation"], row["unit"], row["item"]): Decimal(str(row["amount"]))
        for row in ask(example)["rows"]
        if row["section"] in ("receipts", "payments")
    }
    assert told == {key: amount for key, amount in expected.items() if amount}


def test_organisations_side_by_side_foot_both_ways(example: Typist) -> None:
    report = ask(example)
    down: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    passed: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for row in report["rows"]:
        if row["section"] in ("receipts", "payments", "balance"):
            name = {"receipts": "in", "payments": "out"}.get(row["section"], row["item"])
            down[row["organisation"], row["unit"], f"{row['section']}:{name}"] += Decimal(str(row["amount"]))
            passed[row["unit"], row["item"]].append(Decimal(str(row["amount"])))
    organisations = {organisation for organisation, _, _ in down}
    held: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for (fund, _, unit), amount in READER.balances(EXAMPLE, YEAR[1]).items():
        held[fund.partition("/")[0], unit] += amount
    for total in report["totals"]:
        unit = total["unit"]
        # What one organisation passes to another is no receipt and no payment of the network.
        within = {name: sum(passed[unit, f"transfers-{name}"]) for name in ("in", "out")}
        assert within["in"] == within["out"]
        for name in ("opening", "in", "out", "closing"):
            whole = sum(down[each, unit, f"balance:{name}"] for each in organisations)
            assert whole - within.get(name, 0) == Decimal(str(total[name]))
        for each in organisations:
            opening, in_, out, closing = (down[each, unit, f"balance:{n}"] for n in ("opening", "in", "out", "closing"))
            assert opening + in_ - out == closing == held[each, unit]
            assert down[each, unit, "receipts:in"] == in_
            assert down[each, unit, "payments:out"] == out


def test_members_and_who_took_part(example: Typist) -> None:
    first, last = YEAR
    paying: defaultdict[str, set[str]] = defaultdict(set)
    for fund, entry, _ in standing(first, last):
        if entry["kind"] == "contribution":
            paying[fund.partition("/")[0]] |= entry["members"].keys()
    told = {
        (row["organisation"], row["item"]): row["count"] for row in ask(example)["rows"] if row["section"] == "members"
    }
    for path in EXAMPLE.glob("*/members.toml"):
        members = tomllib.loads(path.read_text(encoding="utf-8")).values()
        joined = [member.get("joined", date.min) for member in members]
        left = [member.get("left", date.max) for member in members]
        organisation = path.parent.name
        assert told[organisation, "members"] == sum(a <= last <= b for a, b in zip(joined, left, strict=True))
        assert told[organisation, "joined"] == sum(first <= day <= last for day in joined)
        assert told[organisation, "left"] == sum(first <= day <= last for day in left)
        assert told[organisation, "contributed"] == len(paying[organisation])


def test_nobody_is_named_but_those_who_answer_for_an_organisation(example: Typist) -> None:
    officers, names = set(), set()
    for path in EXAMPLE.glob("*/organisation.toml"):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        officers |= {str(table[key]) for key in ("chair", "secretary", "treasurer", "supervisor") if key in table}
    for path in EXAMPLE.glob("*/members.toml"):
        names |= {member["name"] for member in tomllib.loads(path.read_text(encoding="utf-8")).values()}
    for _, _, entry in READER.entries(EXAMPLE):
        names |= {entry[key] for key in ("from", "to") if key in entry}
    assert len(names - officers) > 30
    for format_ in set(FORMATS) - {"xlsx", "pdf"}:
        page = example.must("supervisor", "--year", "2025", "--format", format_).out
        assert [name for name in names - officers if name in page] == [], format_
    assert "Wagimin Hadi" in page or "Wagimin Hadi" in example.must("supervisor", "--year", "2025").out
    assert "Wagimin" not in example.must("supervisor", "--year", "2025", "--privacy", "initials").out


def helped(
    book: Typist, *rest: str, to: str, day: str = "2026-01-10", fund: str = "kas-sosial", amount: str = "10rb"
) -> None:
    book.must("disburse", fund, amount, "--to", to, "--for", "Bantuan", "--date", day, *rest)


@pytest.fixture
def kept(book: Typist) -> Typist:
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    book.must("opening", "donasi", "1jt", "--date", "2026-01-01")
    return book


def people(book: Typist) -> Any:
    """How many the table counts in all; None where it does not say."""
    page = book.must("supervisor", "--year", "2026", "--format", "markdown").out
    total = re.search(r"Help by pillar.*?\*\*Total\*\* \|  \|  \| \*\*(.*?)\*\*", page, re.DOTALL)
    assert total is not None, page
    return int(total[1]) if total[1].isdigit() else total[1]


def test_a_person_helped_twice_is_counted_once(kept: Typist) -> None:
    """By the member where one is named, by the name elsewhere, in whatever fund."""
    helped(kept, "--member", "tini", to="Keluarga Tini Lestari")
    helped(kept, "--member", "tini", to="Tini Lestari", day="2026-02-10")
    helped(kept, to="keluarga  tini lestari", fund="donasi")
    helped(kept, to="Bu Karsini")
    helped(kept, to="Pak Warno")
    assert people(kept) == 3
    helped(kept, to="Mbah Wiryo")
    assert people(kept) == 4


def test_two_members_of_one_name_are_two_people(kept: Typist) -> None:
    kept.must("member", "add", "r004", "Budi Santoso")
    helped(kept, "--member", "r001", to="Budi Santoso")
    helped(kept, "--member", "r004", to="Budi Santoso")
    helped(kept, to="Bu Karsini")
    assert people(kept) == 3


def test_fewer_than_three_are_not_counted_out(kept: Typist) -> None:
    helped(kept, "--category", "odha", "--pillar", "rehabilitation", to="Bu Karsini")
    assert people(kept) == "fewer than 3"
    rows = [row for row in ask(kept, "--year", "2026")["rows"] if row["section"] == "help"]
    assert [(row["pillar"], row["mode"], row["category"], row["people"], row["count"]) for row in rows] == [
        ("other", "other", "other", None, None)
    ]
    for name in ("Warno", "Wiryo", "Sarjono"):
        helped(kept, "--category", "lansia-telantar", "--pillar", "security", to=name)
    rows = [row for row in ask(kept, "--year", "2026")["rows"] if row["section"] == "help"]
    # One alone would be known by what is missing from the others: it takes them in.
    assert [(row["category"], row["people"]) for row in rows] == [("other", 4)]
    assert "person living with HIV" not in kept.must("supervisor", "--year", "2026", "--privacy", "full").out


_GROUPS = st.dictionaries(
    st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.sampled_from("pqr")),
    st.tuples(st.sets(st.integers(0, 9), min_size=1, max_size=6), st.integers(1, 9), st.integers(1, 1000)),
    max_size=9,
)


@given(_GROUPS)
def test_merging_loses_nothing_and_points_at_nobody(
    found: dict[tuple[str, str, str], tuple[set[int], int, int]],
) -> None:
    groups = [
        Group(*key, {(str(person),): 1 + person % 2 for person in who}, times, {"IDR": minor})
        for key, (who, times, minor) in found.items()
    ]
    merged = without_few(groups)
    assert sum(group.times for group in merged) == sum(group.times for group in groups)
    assert sum(group.amounts["IDR"] for group in merged) == sum(group.amounts["IDR"] for group in groups)
    everyone = {receiver: number for group in groups for receiver, number in group.receivers.items()}
    assert {receiver: number for group in merged for receiver, number in group.receivers.items()} == everyone
    few = [group for group in merged if group.people < 3]
    assert not few or (len(merged) == 1 and merged[0].pillar == merged[0].mode == merged[0].category == OTHER)
    # What was large enough on its own and stands as it was is whole.
    for group in merged:
        if group.category != OTHER:
            assert group in groups


def told_help(book: Typist) -> list[tuple[int, int]]:
    rows = [row for row in ask(book, "--year", "2026")["rows"] if row["section"] == "help"]
    return [(row["people"], row["count"]) for row in rows]


def test_orphans_helped_together_are_counted_each(kept: Typist) -> None:
    """Seen as one person, whether money was shared out among them or each got a parcel."""
    helped(kept, to="44 anak yatim")
    assert told_help(kept) == [(44, 1)]
    helped(kept, to="44 anak yatim", day="2026-02-10")
    assert told_help(kept) == [(44, 2)], "the same 44"
    helped(kept, "--people", "12", to="Lansia RT 07")
    assert told_help(kept) == [(56, 3)]
    kept.must("disburse", "donasi", "10rb", "--times", "12", "--to", "Dhuafa RW 03", "--for", "Sembako")
    assert told_help(kept) == [(68, 4)]


def test_a_parcel_of_three_goods_is_one_occasion(kept: Typist) -> None:
    for goods in ("20 kg beras", "100 butir telur", "100 bungkus mie"):
        kept.must("opening", "lumbung", goods, "--date", "2026-01-01")
    parcel = ("2 kg beras", "--with", "10 butir telur", "--with", "5 bungkus mie", "--times", "4")
    kept.must("disburse", "lumbung", *parcel, "--to", "Jumat Berkah", "--for", "Sembako", "--pillar", "security")
    assert told_help(kept) == [(4, 1)]
    again = ("--to", "Jumat Berkah", "--for", "Sembako", "--pillar", "security", "--date", "2026-02-13")
    kept.must("disburse", "lumbung", *parcel, *again)
    assert told_help(kept) == [(4, 2)]
    summary = kept.must("summary", "--month", "2026-02", "--format", "text").out
    assert "help given once" in " ".join(summary.split())


def test_an_organisation_without_funds_appears(kept: Typist) -> None:
    kept.must("org", "add", "pengajian", "Pengajian An-Nur")
    kept.must("member", "add", "m1", "Bu Dewi", "--org", "pengajian")
    report = ask(kept, "--year", "2026")
    told = {row["item"]: row["count"] for row in report["rows"] if row["organisation"] == "pengajian" and row["count"]}
    assert told == {"members": 1, "during": 1}
    page = kept.must("supervisor", "--year", "2026", "--format", "text").out
    assert re.search(r"^Pengajian An-Nur +1 +0 +0 +0 of 1 \(0%\)$", page, re.MULTILINE), page
    assert "Pengajian An-Nur" in kept.must("supervisor", "--org", "pengajian", "--year", "2026").out


def test_savers_and_borrowers_take_part_and_payers_are_counted_of_those_who_owe(kept: Typist) -> None:
    kept.must("fund", "add", "rt-07/usp", "Usaha", "--type", "savings")
    kept.must("fund", "savings", "usp", "wajib")
    kept.must("member", "add", "r004", "Dewi")
    kept.must("member", "exempt", "r002", "--fund", "kas-sosial", "--reason", "kasepuhan", "--from", "2026-01-01")
    kept.must("save", "usp", "tini", "10rb", "--class", "wajib", "--date", "2026-01-05")
    kept.must("contribute", "kas-sosial", "budi", "5000", "--date", "2026-01-05")
    report = ask(kept, "--month", "2026-01")
    told = {row["item"]: row["count"] for row in report["rows"] if row["section"] == "members"}
    assert (told["contributed"], told["owing"]) == (1, 3)
    assert (told["took_part"], told["during"]) == (2, 4)
    page = kept.must("supervisor", "--month", "2026-01", "--format", "text").out
    assert re.search(r"^RT 07 +4 +0 +0 +1 of 3 +2 of 4 \(50%\)$", page, re.MULTILINE), page


def test_what_organisations_pass_to_each_other_is_no_receipt_of_the_network(kept: Typist) -> None:
    kept.must("org", "add", "pkk", "PKK")
    kept.must("fund", "add", "pkk/kas", "Kas PKK")
    kept.must("transfer", "kas-sosial", "pkk/kas", "100rb", "--reason", "bagi", "--date", "2026-01-20")
    report = ask(kept, "--year", "2026")
    (total,) = report["totals"]
    assert (total["opening"], total["in"], total["out"], total["closing"]) == (2_000_000, 0, 0, 2_000_000)
    told = [(row["organisation"], row["item"], row["amount"]) for row in report["rows"] if row["section"] != "balance"]
    assert ("pkk", "transfers-in", 100_000) in told and ("rt-07", "transfers-out", 100_000) in told
    page = kept.must("supervisor", "--year", "2026", "--format", "text").out
    assert re.search(r"^Total receipts +100,000 +0 +0$", page, re.MULTILINE), page
    # For one of them alone it came from another.
    (alone,) = ask(kept, "--year", "2026", "--org", "pkk")["totals"]
    assert alone["in"] == 100_000


def test_a_young_fund_is_averaged_over_its_own_months(book: Typist) -> None:
    book.clock("2026-12-31T20:00:00+07:00")
    book.must("opening", "kas-sosial", "1jt", "--date", "2026-01-01")
    book.must("opening", "donasi", "1jt", "--date", "2026-11-01")
    book.must("disburse", "donasi", "200rb", "--to", "Bu Karsini", "--for", "Besuk", "--date", "2026-11-10")
    book.must("donate", "kas-sosial", "5000", "--from", "Hamba Allah", "--date", "2026-12-31")
    report = ask(book, "--year", "2026")
    told = {row["item"]: row["count"] or row["amount"] for row in report["rows"] if row["fund"] == "donasi"}
    assert told == {"balance": 800_000, "monthly": 100_000, "months": 8}
    assert "Donasi Warga: since it began, over November to December 2026." in report["notes"]


def test_the_first_and_the_last_day_of_a_period_belong_to_it(book: Typist) -> None:
    """Of the three households one leaves on the last day and is a member on it; one more joins on the first."""
    book.clock("2026-04-02T08:00:00+07:00")
    book.must("member", "add", "r010", "Dewi", "--joined", "2026-02-01")
    book.must("member", "leave", "r003", "--date", "2026-02-28", "--debts", "owed")
    book.must("opening", "kas-sosial", "160rb", "--date", "2026-01-15")

    def told(first: str, last: str) -> dict[str, int]:
        rows = ask(book, "--from", first, "--to", last)["rows"]
        return {row["item"]: row["count"] for row in rows if row["section"] == "members"}

    there = {"members": 4, "during": 4}
    assert told("2026-02-01", "2026-02-28").items() >= {**there, "joined": 1, "left": 1}.items()
    assert told("2026-02-02", "2026-02-27").items() >= {**there, "joined": 0, "left": 0}.items()
    assert told("2026-02-28", "2026-03-01").items() >= {"members": 3, "during": 4, "joined": 0, "left": 1}.items()
    assert told("2026-03-01", "2026-03-31").items() >= {"members": 3, "during": 3, "joined": 0, "left": 0}.items()


def test_a_fund_lasts_as_long_as_its_average_month(book: Typist) -> None:
    """Three months since the book began: 60.000 went out, 20.000 a month, of which what is left covers four."""
    book.clock("2026-04-01T08:00:00+07:00")
    book.must("opening", "kas-sosial", "160rb", "--date", "2026-01-15")
    book.must("disburse", "kas-sosial", "40rb", "--to", "Bu Karsini", "--for", "Besuk", "--date", "2026-02-10")
    book.must("spend", "kas-sosial", "20rb", "--for", "Fotokopi", "--date", "2026-03-10")
    book.must("transfer", "kas-sosial", "donasi", "1000", "--reason", "bagi", "--date", "2026-03-31")
    # The months still to come of a year that runs are not averaged over.
    for period in (("--from", "2026-03-01", "--to", "2026-03-31"), ("--year", "2026")):
        report = ask(book, *period)
        told = {
            row["item"]: row["count"] if row["amount"] is None else row["amount"]
            for row in report["rows"]
            if row["section"] == "reserves" and row["fund"] == "kas-sosial"
        }
        assert told == {"balance": 99_000, "monthly": 20_000, "months": 4}
        assert report["notes"][-1].endswith("the average over January to March 2026.")


def test_how_many_death_benefits_a_fund_can_pay_is_what_its_balance_says(example: Typist) -> None:
    rows = ask(example)["rows"]
    (benefits,) = [row["count"] for row in rows if row["item"] == "benefits"]
    note = example.must("balance", "--fund", "dana-kematian", "--as-of", "2025-12-31").out
    assert re.search(rf"enough for {benefits} standard benefits", " ".join(note.split()))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_of_any_book_it_agrees_with_the_yearly_report(data: st.DataObject) -> None:
    with drawn(data) as book:
        span = Span(*data.draw(spans()))
        ours = supervisor(book.query, book.registers, book.funds(), span)
        theirs = annual(book.query, book.registers, book.funds(), span)
        opened = {total["unit"]: total["opening"] for total in theirs.data.totals}
        for total in ours.data.totals:
            assert total["closing"] == next(t["closing"] for t in theirs.data.totals if t["unit"] == total["unit"])
            assert total["opening"] == opened[total["unit"]]
        help_ = [row for row in ours.data.rows if row["section"] == "help"]
        given_ = [row for row in theirs.data.rows if row["kind"] == "disbursement"]
        for unit in {row["unit"] for row in given_}:
            assert sum(row["value"][unit].minor for row in help_ if unit in row["value"]) == sum(
                row["amount"].minor for row in given_ if row["unit"] == unit
            )


def test_what_is_about_all_of_the_network_is_signed_by_its_own_board(example: Typist) -> None:
    """No chair signs for another organisation; the network's own stands first in the report, with its decree."""
    board = ("Suharto Prayitno", "Siti Rahayu", "Lurah Argosekar")
    for command in ("supervisor", "annual", "annual --isak"):
        page = example.must(*command.split(), "--year", "2025", "--format", "text").out
        signed = page[page.index("Acknowledged by") - 200 :]
        assert all(f"({name})" in signed for name in board), command
        alone = example.must(*command.split(), "--year", "2025", "--org", "dasawisma-melati", "--format", "text").out
        assert "(Endang Lestari)" in alone and "Suharto" not in alone
    rows = [row for row in ask(example)["rows"] if row["section"] == "organisation" and row["item"] == "name"]
    assert [row["organisation"] for row in rows] == ["wksbm", "dasawisma-melati", "rt-05"]
    example.must("org", "add", "forum", "Forum WKSBM", "--kind", "wksbm")  # two of them: neither speaks for all
    assert "(Suharto Prayitno)" not in example.must("supervisor", "--year", "2025", "--format", "text").out


def test_zakat_passed_on_to_another_body_helped_nobody(book: Typist) -> None:
    """What a mosque hands up to BAZNAS went out, and is in the sum; BAZNAS is no person, and its handing up no help."""
    book.must("fund", "add", "rt-07/upz", "UPZ", "--type", "zakat")
    book.must("donate", "upz", "1jt", "--from", "Hamba Allah", "--date", "2026-02-01")
    for name in ("Karsini", "Wagiyem", "Tukinem"):
        words = ("--to", name, "--for", "Zakat", "--asnaf", "fakir", "--pillar", "protection", "--date", "2026-02-10")
        book.must("disburse", "upz", "100rb", *words)
    book.must(
        "disburse", "upz", "500rb", "--to", "BAZNAS", "--for", "Setoran", "--asnaf", "forwarded", "--date", "2026-02-20"
    )
    report = ask(book, "--year", "2026")
    told = [row for row in report["rows"] if row["section"] == "help"]
    assert [(row["item"], row["people"], row["count"], row["value"]) for row in told] == [
        (None, 3, 3, {"IDR": 300_000}),
        ("forwarded", None, None, {"IDR": 500_000}),
    ]
    page = book.must("supervisor", "--year", "2026", "--format", "text").out
    assert re.search(r"^Total +3 +3 +Rp800,000$", page, re.MULTILINE), page
    assert re.search(r"^passed on to another body of\b.*Rp500,000$", page, re.MULTILINE), page
    given = book.must("disbursements", "--year", "2026", "--format", "text").out
    assert re.search(r"^passed on to another body of amil \(BAZNAS, LAZ\) +0 +1 ", given, re.MULTILINE), given
    summary = book.must("summary", "--month", "2026-02", "--format", "json").json
    assert "UPZ: help given 3 times." in summary["notes"]
