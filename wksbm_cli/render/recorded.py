"""What a recording command answers: the entry in words, its short id, what the fund holds now."""

from __future__ import annotations

from wksbm_cli.domain.describe import amount_of, describe
from wksbm_cli.domain.entry import Entry
from wksbm_cli.domain.kinds import KINDS
from wksbm_cli.domain.message import msg, msgn
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.units import Amount
from wksbm_cli.recording.commit import MOST_TOLD, Recorded
from wksbm_cli.render.json import dumps
from wksbm_cli.render.language import Language


def as_text(recorded: Recorded, registers: Registers, language: Language) -> str:
    """One line per entry (one for all of a large batch that was recorded), each with the balance it leaves."""
    lines = []
    if recorded.dry_run:
        lines.append(language.say(msg("Only shown; nothing was recorded:")))
    if not recorded.entries:
        lines.append(language.say(msg("There was nothing to record.")))
    elif len(recorded.entries) > MOST_TOLD and not recorded.dry_run:
        lines.append(language.say(msgn("Recorded {count} entry.", "Recorded {count} entries.", len(recorded.entries))))
    else:
        lines += [_sentence(entry, recorded, registers, language) for entry in recorded.entries]
    holds: dict[str, list[Amount]] = {}
    for fund, amount in recorded.balances:
        holds.setdefault(fund, []).append(amount)
    if holds:
        balances = "; ".join(
            language.say(msg("{fund} {amounts}", fund=registers.funds[fund].name, amounts=amounts))
            for fund, amounts in holds.items()
        )
        lines[-1] += " " + language.say(msg("Balance: {balances}.", balances=balances))
    return "".join(f"{line}\n" for line in lines)


def _sentence(entry: Entry, recorded: Recorded, registers: Registers, language: Language) -> str:
    cancelled = recorded.cancelled.get(entry.fields["of"]) if entry.kind == "reversal" else None
    what = describe(entry, registers, cancelled, recorded.settled.get(entry.id))
    if entry.date != entry.at.date():
        what = msg("{date}, {what}", date=entry.date, what=what)
    if KINDS[entry.kind].says_amount:
        return _numbered(entry, recorded, language.say(msg("{what}.", what=what)))
    amount = amount_of(entry, registers)
    words = language.in_words(amount)
    shown = f"{language.show(amount)} ({words})" if words else language.show(amount)
    return _numbered(entry, recorded, language.say(msg("{what}: {amount}.", what=what, amount=shown)))


def _numbered(entry: Entry, recorded: Recorded, sentence: str) -> str:
    """With the id by which the entry is found; what is only shown has none yet."""
    return sentence if recorded.dry_run else f"{entry.short_id}  {sentence}"


def as_json(recorded: Recorded, language: Language) -> str:
    """`{"recorded": [{"id", "fund", "line"}], "balances": [{"fund", "unit", "balance"}]}`; of a dry run, `would_record`."""
    entries = [{"id": entry.id, "fund": entry.fund, "line": entry.line} for entry in recorded.entries]
    answer = {"recorded": [] if recorded.dry_run else entries}
    if recorded.dry_run:
        answer["would_record"] = entries
    balances = [{"fund": fund, "unit": amount.unit.code, "balance": amount} for fund, amount in recorded.balances]
    return dumps({**answer, "balances": balances}, language)
