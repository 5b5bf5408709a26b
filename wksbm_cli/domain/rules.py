"""The group's own rules, asked of every entry before it is written.

Each rule is a small function over the entry and a view of the book in which the entry already stands; it
returns or raises `Refused`. `check` applies the same functions to a finished book.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from wksbm_cli.domain.entry import Entry, short_id
from wksbm_cli.domain.fund import GIVEN_TO_BE_GIVEN, Fund, lending_fault
from wksbm_cli.domain.giving import NO_LIMITS, ZAKAT_TO, amil_may_receive
from wksbm_cli.domain.kinds import KINDS
from wksbm_cli.domain.kinds.lending import terms_of
from wksbm_cli.domain.lending import needless_instalments
from wksbm_cli.domain.likeness import may_be_same_person, spelled, those_meant
from wksbm_cli.domain.line import is_format_2
from wksbm_cli.domain.member import Member
from wksbm_cli.domain.members_money import check_ceiling, check_cover, check_kept, check_stays, check_still_covered
from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.registers import Registers
from wksbm_cli.domain.slug import nearest_hint
from wksbm_cli.domain.units import minor_of


class View(Protocol):
    """The queries that rules make; `index.query.Query` implements it."""

    def places(self, fund: str) -> list[str]: ...
    def reversal_of(self, id_: str) -> str | None: ...
    def collected(self, fund: str, due: str, night: date) -> Mapping[str, str]: ...
    def entry(self, id_: str) -> Entry | None: ...
    def going_out(self, fund: str, day: date, event: str) -> Iterable[Entry]: ...
    def given_to_asnaf(self, fund: str, asnaf: str, unit: str, year: int) -> int: ...
    def received(self, fund: str, unit: str, year: int) -> int: ...
    def opened(self, funds: Collection[str]) -> date | None: ...
    def savings(self, fund: str, until: date, of: str | None = None) -> Mapping[str, Mapping[str, int]]: ...
    def saved(self, fund: str) -> int: ...
    def balance(self, fund: str, unit: str) -> int: ...
    def lent(self, fund: Fund, registers: Registers) -> Mapping[str, int]: ...


class Balances(Protocol):
    """The balances of places; `standing.held.DayBalances` implements it."""

    def lowest(self, fund: str, place: str, unit: str, day: date) -> tuple[int, date]: ...


class Permissions(NamedTuple):
    """The rules that the user overrides with a flag, for this one command.

    An override that was needed is written into the line (`allowed = ["negative"]`), and a check warns of it and never
    errs: what may be recorded must never keep a book from being closed or joined.
    """

    future: bool = False
    negative: bool = False
    early: bool = False
    savings: bool = False

    @property
    def given(self) -> tuple[str, ...]:
        return tuple(name for name, given in zip(self._fields, self, strict=True) if given)


class Case(NamedTuple):
    """An entry to be judged: its fund, what it moves, and the book as it would be without it.

    `movements` are (fund, place, unit code, change in smallest steps).
    """

    entry: Entry
    fund: Fund
    movements: Sequence[tuple[str, str, str, int]]
    registers: Registers
    before: View
    today: date


def not_in_future(case: Case) -> None:
    """Nothing is recorded of a day still to come."""
    if case.entry.date > case.today:
        raise Refused(
            msg("{date} is still to come (today is {today}).", date=case.entry.date, today=case.today),
            hint=msg("If it is meant, add --allow-future."),
        )


def period_open(case: Case) -> None:
    """Nothing is recorded in a period that its group has closed; of a transfer, in neither fund."""
    for slug in dict.fromkeys((case.entry.fund, *(fund for fund, _, _, _ in case.movements))):
        fund = case.registers.funds[slug]
        until = fund.closed_until
        if until is not None and case.entry.date <= until:
            raise Refused(
                msg("{fund} is closed up to {date}; nothing is recorded there any more.", fund=fund.name, date=until),
                hint=msg("Record it with a later --date. What was wrong before is cancelled today: wksbm reverse ID"),
            )


def not_before_opening(case: Case) -> None:
    """Nothing is recorded of days before what was there was counted: the opening balance has it already."""
    entry = case.entry
    if entry.kind in ("opening", "reversal"):
        return
    touched = dict.fromkeys((entry.fund, *(fund for fund, _, _, _ in case.movements)))
    begun = {slug: day for slug in touched if (day := case.before.opened([slug])) is not None}
    for slug, day in begun.items():
        if entry.date < day:
            raise Refused(
                msg(
                    "{fund} begins with what was in it on {opened}; {date} is before that.",
                    fund=case.registers.funds[slug].name,
                    opened=day,
                    date=entry.date,
                ),
                hint=msg("Say another day with --date. If it is not in that balance, add --allow-early."),
            )
    # A fund without an opening balance is as old as the organisation's other funds of the same unit.
    alike = [
        slug
        for slug, fund in case.registers.funds.items()
        if fund.organisation == case.fund.organisation and fund.unit == case.fund.unit
    ]
    first = None if begun else case.before.opened(alike)
    if first is not None and entry.date < first:
        raise Refused(
            msg("The book begins on {opened}; {date} is before that.", opened=first, date=entry.date),
            hint=msg("Say another day with --date. If it is not in that balance, add --allow-early."),
        )


def savings_are_saved(case: Case) -> None:
    """What members put by is theirs, and recorded as such: as a contribution it would be income of the fund."""
    entry, fund = case.entry, case.fund
    if entry.kind == "contribution" and fund.savings and "due" not in entry.fields:
        member, minor = next(iter(entry.fields["members"].items()))
        raise Refused(
            msg("{fund} keeps what its members save; as a contribution it would be the fund's own.", fund=fund.name),
            hint=msg(
                "Record it as savings: wksbm save {fund} {member} {amount} --class {name}",
                fund=fund.slug,
                member=member,
                amount=str(minor),
                name=next(iter(fund.savings)),
            ),
        )


def places_known(case: Case) -> None:
    """A place must be declared in the fund, or be the hands of a collector who has brought something."""
    for fund, place in _places_named(case):
        if place in fund.places:
            continue
        known = case.before.places(fund.slug)
        if place not in known:
            raise Refused(
                msg('The fund {fund} has no place "{place}".', fund=fund.slug, place=place),
                hint=nearest_hint(place, [*fund.places, *known]),
            )


def _places_named(case: Case) -> Iterator[tuple[Fund, str]]:
    fields, funds = case.entry.fields, case.registers.funds
    if "place" in fields:
        yield case.fund, fields["place"]
    if "to_place" in fields:
        yield funds[fields.get("to_fund", case.fund.slug)], fields["to_place"]
    for other, part in fields.get("split", {}).items():
        yield funds[other], part["place"]


def restriction_kept(case: Case) -> None:
    """Money given to be given pays no running costs, neither directly nor by way of another fund."""
    entry, fund = case.entry, case.fund
    if fund.restriction not in GIVEN_TO_BE_GIVEN:
        return
    if entry.kind == "expense":
        raise Refused(
            msg("{fund} holds money given to be given; it cannot pay running costs.", fund=fund.name),
            hint=msg("Record it in a fund for running costs, or as help: wksbm disburse {fund} ...", fund=fund.slug),
        )
    if entry.kind == "return" and fund.restriction == "zakat":
        raise Refused(
            msg("{fund} holds zakat, which goes only to its eight kinds of receivers.", fund=fund.name),
            hint=msg("Record it as help: wksbm disburse {fund} ... --asnaf ASNAF", fund=fund.slug),
        )
    if entry.kind == "loan" and (fault := lending_fault(fund)):
        raise Refused(
            fault,
            hint=msg("Lend from another fund, or record it as help: wksbm disburse {fund} ...", fund=fund.slug),
        )
    if entry.kind == "transfer":
        other = case.registers.funds[entry.fields["to_fund"]]
        # Allowed: the amil's share is theirs, and may pay their running costs.
        is_theirs = "asnaf" in entry.fields and other.restriction not in GIVEN_TO_BE_GIVEN
        if other.restriction != fund.restriction and not is_theirs:
            raise Refused(
                msg(
                    "{fund} holds money given to be given; it cannot go to {other}, which is not bound so.",
                    fund=fund.name,
                    other=other.name,
                ),
                hint=msg("Give it as help instead: wksbm disburse {fund} ...", fund=fund.slug)
                if fund.restriction != "zakat"
                else msg(
                    "Give it as help: wksbm disburse {fund} ... Only what the amil receive goes to a fund of theirs: --asnaf amil",
                    fund=fund.slug,
                ),
            )


def arisan_is_members_money(case: Case) -> None:
    """The pot of an arisan is never kas money: nothing is given, spent, lent or sent elsewhere from it."""
    entry, fund = case.entry, case.fund
    into = case.registers.funds.get(entry.fields.get("to_fund", "")) if entry.kind == "transfer" else None
    for arisan in (fund, into):
        if arisan is not None and arisan.arisan is not None and (arisan is into or not KINDS[entry.kind].in_arisan):
            raise Refused(
                msg(
                    "The money of {fund} is its members' own: it comes in as contributions and goes out as pots.",
                    fund=arisan.name,
                ),
                hint=msg(
                    "Record it in another fund; a pot is paid by choosing its winner: wksbm arisan status {fund}",
                    fund=arisan.slug,
                ),
            )


def arisan_begins_empty(case: Case) -> None:
    """An arisan has no opening balance, which would be owed to nobody, but where it is taken over from another book."""
    if case.entry.kind == "opening" and case.fund.type == "arisan" and "won" not in case.entry.fields:
        raise Refused(
            msg("{fund} begins with nothing: what is in an arisan is what its members paid in.", fund=case.fund.name),
            hint=msg(
                "Record what each paid for a round: wksbm contribute {fund} MEMBER AMOUNT. If it runs: wksbm arisan takeover {fund} SLOT",
                fund=case.fund.slug,
            ),
        )


def reversal_known(case: Case) -> None:
    """What is cancelled is an entry of the same fund, and no reversal."""
    if case.entry.kind != "reversal":
        return
    cancelled = case.before.entry(case.entry.fields["of"])
    if cancelled is None or cancelled.fund != case.entry.fund:
        raise Refused(
            msg("This reversal cancels {id}, which is no entry of this fund.", id=case.entry.fields["of"]),
            hint=msg("See its id in the cash book: wksbm cashbook {fund}", fund=case.fund.slug),
        )
    if cancelled.kind == "reversal":
        raise Refused(
            msg("{id} is itself a reversal; it cannot be cancelled.", id=cancelled.short_id),
            hint=msg("Record again what should not have been cancelled."),
        )


def reversed_once(case: Case) -> None:
    """What was cancelled is not cancelled again."""
    if case.entry.kind != "reversal":
        return
    cancelled = case.entry.fields["of"]
    if earlier := case.before.reversal_of(cancelled):
        raise Refused(
            msg("{id} was already cancelled, by {earlier}.", id=short_id(cancelled), earlier=short_id(earlier)),
            hint=msg("See both in the cash book: wksbm cashbook {fund}", fund=case.fund.slug),
        )


def reversed_later(case: Case) -> None:
    """A reversal is dated on the day of what it cancels, or after it."""
    if case.entry.kind != "reversal":
        return
    cancelled = case.before.entry(case.entry.fields["of"])
    if cancelled is not None and case.entry.date < cancelled.date:
        raise Refused(
            msg(
                "{id} is of {date}; it cannot be cancelled before that day.", id=cancelled.short_id, date=cancelled.date
            ),
            hint=msg("Say another day with --date."),
        )


def members_present(case: Case) -> None:
    """Whoever has left contributes no more, but what stayed owed."""
    due = case.fund.dues.get(case.entry.fields.get("due", ""))
    if case.entry.kind != "contribution" or (due is not None and due.weights is not None):
        return  # a slot of an arisan is owed to the end of the cycle, whoever pays it
    members = case.registers.members[case.fund.organisation]
    for slug in case.entry.fields["members"]:
        left = members[slug].left
        if left is not None and case.entry.date > left and not (members[slug].owes_still and due and due.required):
            raise Refused(
                msg("{member} left on {date} and no longer contributes.", member=members[slug].name, date=left),
                hint=msg("A gift after leaving is a donation: wksbm donate {fund} ...", fund=case.fund.slug)
                if members[slug].written_off
                else msg(
                    "A gift is a donation: wksbm donate {fund} ... If something stayed owed: wksbm member leave {member} --debts owed",
                    fund=case.fund.slug,
                    member=slug,
                ),
            )


def nights_once(case: Case) -> None:
    """One house gives once a night, more than its due in the one amount; and none where nobody went round."""
    entry = case.entry
    due = case.fund.dues.get(entry.fields.get("due", "")) if entry.kind == "contribution" else None
    if due is None or due.cycle.name != "night" or "for" in entry.fields:
        return
    if entry.date in due.cancelled:
        raise Refused(
            msg("The night of {date} was called off.", date=entry.date),
            hint=msg("If it is another night, say which with --date; a gift is recorded with: wksbm donate"),
        )
    given = case.before.collected(case.fund.slug, due.slug, entry.date)
    again = [member for member in entry.fields["members"] if member in given]
    if again:
        raise Refused(
            msg("Already recorded for the night of {date}: {members}.", date=entry.date, members=", ".join(again)),
            hint=msg("It stands in {id}. To correct it: wksbm reverse {id} --reason ...", id=short_id(given[again[0]])),
        )


def second_person(case: Case) -> None:
    """Above the group's amount, what goes out is approved by someone who neither records nor receives it.

    What is given for one death, in money and in goods, is one help.
    """
    limit = _limit(case)
    if limit is None or _for_event(case) <= limit:
        return
    amount = case.registers.amount(limit, case.fund.unit.code)
    _needs_approval(
        case,
        msg("More than {limit} out of {fund} needs a second person's approval.", limit=amount, fund=case.fund.name),
    )


def second_person_for_a_day(case: Case) -> None:
    """The same of what goes to one receiver in a day, in however many entries."""
    limit = _limit(case)
    if limit is None or (whole := _to_receiver(case)) <= limit or _for_event(case) > limit:
        return
    code = case.fund.unit.code
    _needs_approval(
        case,
        msg(
            "With this, {amount} goes out of {fund} to one receiver on {date}; above {limit} that needs a second person's approval.",
            amount=case.registers.amount(whole, code),
            fund=case.fund.name,
            date=case.entry.date,
            limit=case.registers.amount(limit, code),
        ),
    )


def approver_named(case: Case) -> None:
    """Who approves is an officer of the organisation, or named by it as an approver."""
    approver, limit = case.entry.fields.get("approved_by", ""), _limit(case)
    if not approver or limit is None or _to_receiver(case) <= limit:
        return
    organisation = case.registers.organisations.get(case.fund.organisation)
    if organisation is None:
        return
    named = organisation.approvers_on(case.entry.date)
    if len(those_meant(approver, named)) != 1:
        raise Refused(
            msg(
                "{approver} is not among those who may approve for {organisation}.",
                approver=approver,
                organisation=organisation.name,
            ),
            hint=msg(
                'Those who may: {names}. To name someone else: wksbm org approver "{approver}" --org {organisation}',
                names=", ".join(named),
                approver=approver,
                organisation=organisation.slug,
            )
            if named
            else msg(
                'Nobody is named who may. If it is right: wksbm org approver "{approver}" --org {organisation}',
                approver=approver,
                organisation=organisation.slug,
            ),
        )


def not_alone(case: Case) -> None:
    """Nobody records, approves and receives in one, however little it is."""
    fields = case.entry.fields
    names = {spelled(name) for name in (case.entry.by, fields.get("approved_by", ""), fields.get("to", ""))}
    if "approved_by" in fields and "to" in fields and len(names) == 1:
        raise Refused(
            msg("{name} recorded, approved and received this.", name=fields["to"]),
            hint=msg("Let someone else approve it, and say so to the members."),
        )


def _limit(case: Case) -> int | None:
    """The amount above which this entry needs approval: 0 where it always does, None where it never does."""
    asked = KINDS[case.entry.kind].needs_approval
    if asked == "always":
        return 0
    if asked == "never" or case.entry.unit != case.fund.unit.code:
        return None
    return (case.fund.giving or NO_LIMITS).approval_above(case.entry.date)


def _together(case: Case, belongs: Callable[[Entry], bool]) -> int:
    """The payments to be approved together with this entry: those of its day and receiver, or of its event."""
    before = case.before.going_out(case.fund.slug, case.entry.date, _event(case.entry))
    return sum(_going_out(entry, case.fund) for entry in (case.entry, *filter(belongs, before)))


def _going_out(entry: Entry, fund: Fund) -> int:
    amount = KINDS[entry.kind].amount
    return 0 if amount is None or entry.unit != fund.unit.code else amount(entry, fund.unit)


def _event(entry: Entry) -> str:
    event: str = entry.fields.get("event", "")
    return event


def _for_event(case: Case) -> int:
    """The entry's payment plus earlier ones for the same event."""
    event = _event(case.entry)
    return _together(case, lambda other: bool(event) and _event(other) == event)


def _to_receiver(case: Case) -> int:
    """All payments to the entry's receiver on its day or for its event, this one included."""
    entry, day, event = case.entry, case.entry.date, _event(case.entry)

    def belongs(other: Entry) -> bool:
        if event and _event(other) == event:
            return True
        return other.date == day and _is_same_receiver(case, entry, other)

    return _together(case, belongs)


def _receivers(case: Case, entry: Entry) -> list[str]:
    """The names of the receivers; empty where none is named, or where all members receive a part."""
    fields, members = entry.fields, case.registers.members[case.fund.organisation]
    receivers = [fields["to"]] if "to" in fields else []
    return [*receivers, members[fields["member"]].name] if "member" in fields else receivers


def _is_same_receiver(case: Case, one: Entry, other: Entry) -> bool:
    """Whether two entries have the same receiver; unnamed receivers count as the same."""
    if "to_fund" in one.fields or "to_fund" in other.fields:
        return bool(one.fields.get("to_fund") == other.fields.get("to_fund"))
    if "members" in one.fields or "members" in other.fields:
        return False
    first, second = _receivers(case, one), _receivers(case, other)
    return (not first and not second) or any(may_be_same_person(a, b) for a in first for b in second)


def _needs_approval(case: Case, refusal: Message) -> None:
    """Pass what someone approved who neither records nor receives it."""
    approver = case.entry.fields.get("approved_by", "")
    organisation = case.registers.organisations.get(case.fund.organisation)
    if organisation is None:  # an unreadable register is a finding of its own
        return
    named = organisation.approvers_on(case.entry.date)
    if not approver:
        raise Refused(refusal, hint=_who_may(case, named))
    meant = [approver, *those_meant(approver, named)]
    others = (case.entry.by, *_receivers(case, case.entry))
    same = next((other for other in others for name in meant if may_be_same_person(name, other)), None)
    if same is not None:
        raise Refused(
            msg("{approver} cannot approve this: who approves neither records it nor receives it.", approver=approver),
            hint=msg(
                "{name} records or receives it, or has a name that looks alike. If these are two people, give their whole names.",
                name=same,
            ),
        )


def _who_may(case: Case, named: Sequence[str]) -> Message:
    """A hint: who may approve an entry, or how to register an approver."""
    others = (case.entry.by, *_receivers(case, case.entry))
    may = [name for name in named if not any(may_be_same_person(name, other) for other in others)]
    if may:
        return msg("Say who approved it, with --approved-by: {names}", names=", ".join(may))
    return msg(
        'Nobody else is named who may approve. To name someone: wksbm org approver "NAME" --org {organisation}',
        organisation=case.fund.organisation,
    )


def instalments_needed(case: Case) -> None:
    """Rounded up, the instalments of a loan do not pay it back before the last of them."""
    if "instalments" not in case.entry.fields:
        return
    terms = terms_of(case.entry, case.fund)
    if needless := needless_instalments(terms):
        raise Refused(
            msg(
                "Rounded up to {step}, {enough} instalments pay it back; {count} are too many.",
                step=case.registers.amount(terms.round, case.fund.unit.code),
                enough=terms.instalments - needless,
                count=terms.instalments,
            ),
            hint=msg("Agree on fewer: --instalments {count}", count=terms.instalments - needless),
        )


def zakat_to_asnaf(case: Case) -> None:
    """Zakat goes only to its eight kinds of receivers or is passed on as such, and to the amil, in whatever way, goes no more
    than their share of what came in that year."""
    entry, fund = case.entry, case.fund
    asnaf, code, year = entry.fields.get("asnaf"), entry.unit, entry.date.year
    if fund.restriction != "zakat":
        if asnaf is not None and entry.kind == "transfer":
            raise Refused(
                msg("{fund} holds no zakat, of which the asnaf have their shares.", fund=fund.name),
                hint=msg("Leave out --asnaf."),
            )
        return
    if asnaf is None and entry.kind == "disbursement":
        raise Refused(
            msg("Zakat goes only to its eight kinds of receivers; say to which."),
            hint=msg("Add --asnaf: {names}", names=list(ZAKAT_TO)),
        )
    if asnaf == "amil":
        minor = minor_of(entry.fields["amount"], case.registers.unit(code))
        given = case.before.given_to_asnaf(fund.slug, "amil", code, year)
        limits = fund.giving or NO_LIMITS
        left = amil_may_receive(case.before.received(fund.slug, code, year), given, limits)
        if minor > left:
            raise Refused(
                msg(
                    "The amil may receive {share}% of what came in in {year}: {left} more.",
                    share=limits.amil_share,
                    year=str(year),
                    left=case.registers.amount(left, code),
                ),
                hint=msg("What the group decided stands in: wksbm fund show {fund}", fund=case.fund.slug),
            )


def within_recipients_share(case: Case) -> None:
    """No more to one receiver at a time than the group has set."""
    entry, most = case.entry, (case.fund.giving or NO_LIMITS).per_recipient
    if entry.kind != "disbursement" or not most or entry.unit != case.fund.unit.code:
        return
    if minor_of(entry.fields["amount"], case.fund.unit) > most * entry.fields.get("parcels", 1):
        raise Refused(
            msg(
                "{fund} gives at most {amount} to one receiver at a time.",
                fund=case.fund.name,
                amount=case.registers.amount(most, case.fund.unit.code),
            ),
            hint=msg("What the group decided stands in: wksbm fund show {fund}", fund=case.fund.slug),
        )


def benefit_not_overpaid(case: Case) -> None:
    """No more is given for a death than its benefit, in however many parts."""
    entry, fund = case.entry, case.fund
    death = fund.death.deaths.get(_event(entry)) if fund.death and entry.kind == "disbursement" else None
    if death is None or fund.death is None or entry.unit != fund.unit.code:
        return
    from wksbm_cli.domain.death import benefit_for, founded

    member = case.registers.members[fund.organisation][death.member]
    organisation = case.registers.organisations.get(fund.organisation)
    since = member.joined or founded(fund.death, organisation.founded if organisation else None)
    tier = benefit_for(fund.death, death, since)
    over = _for_event(case) - (tier.amount if tier else 0)
    if over > 0:
        raise Refused(
            msg(
                "The benefit for {deceased} is {amount}; with this, {over} more is given.",
                deceased=death.deceased,
                amount=case.registers.amount(tier.amount if tier else 0, entry.unit),
                over=case.registers.amount(over, entry.unit),
            ),
            hint=msg("See what is left with: wksbm death assess {fund} {death}", fund=fund.slug, death=death.slug),
        )


def within_ceiling(case: Case) -> None:
    """Nobody owes a fund more than its ceiling."""
    if case.entry.kind == "loan":
        member, minor = _own(case)
        check_ceiling(case.fund, member, minor, case.before.lent(case.fund, case.registers).get(member.slug, 0))


def lent_on_savings(case: Case) -> None:
    """A fund may lend only so many times what a member has saved; and what covers a loan stays saved."""
    fund = case.fund
    if fund.loans is None or not fund.loans.times_savings or case.entry.kind not in ("loan", "withdrawal"):
        return
    member, minor = _own(case)
    owed = case.before.lent(fund, case.registers).get(member.slug, 0)
    if case.entry.kind == "loan":
        held = case.before.savings(fund.slug, case.entry.date, member.slug).get(member.slug, {})
        check_cover(fund, member, minor, owed, sum(held.values()))
    else:
        held = case.before.savings(fund.slug, date.max, member.slug).get(member.slug, {})
        check_still_covered(fund, member, minor, owed, sum(held.values()))


def savings_stay(case: Case) -> None:
    """Savings that each member must hold stay until the member leaves."""
    if case.entry.kind == "withdrawal":
        member, minor = _own(case)
        held = case.before.savings(case.fund.slug, date.max, member.slug).get(member.slug, {})
        check_stays(case.fund, member, case.entry.date, case.fund.savings[case.entry.fields["class"]], minor, held)


def members_money_kept(case: Case) -> None:
    """What goes out of a fund takes nothing of what its members have saved there."""
    fund = case.fund
    if not fund.savings or not KINDS[case.entry.kind].spends:
        return
    lends = fund.loans is not None and fund.loans.lends_savings
    if lends and case.entry.kind == "loan":
        return
    code = fund.unit.code
    taken = -sum(minor for slug, _, unit, minor in case.movements if slug == fund.slug and unit == code)
    there = case.before.balance(fund.slug, code)
    if lends:
        there += sum(case.before.lent(fund, case.registers).values())
    check_kept(fund, taken, there, case.before.saved(fund.slug))


def members_money_allowed(case: Case) -> None:
    """What takes of members' savings all the same was approved by a second person, and says why."""
    if SAVINGS not in case.entry.fields.get("allowed", ()):
        return
    _needs_approval(case, msg("What takes of members' savings needs a second person's approval."))
    if "reason" not in case.entry.fields:
        raise Refused(
            msg("What takes of members' savings says why."), hint=msg("Add --because, with what the members agreed.")
        )


def _own(case: Case) -> tuple[Member, int]:
    """The member of a loan or of savings, and how much it is of."""
    member = case.registers.members[case.fund.organisation][case.entry.fields["member"]]
    return member, minor_of(case.entry.fields["amount"], case.fund.unit)


def nothing_below_zero(case: Case, after: Balances) -> None:
    """No place gives more than is in it, on the day of the entry or on any later one. Asked once the entry stands."""
    for fund, place, unit, minor in case.movements:
        if minor >= 0:
            continue
        lowest, day = after.lowest(fund, place, unit, case.entry.date)
        if lowest < 0:
            taken = case.registers.funds[fund]
            raise Refused(
                msg(
                    "{fund} ({place}) would be {missing} short on {date}.",
                    place=case.registers.place_name(taken, place),
                    fund=taken.name,
                    missing=case.registers.amount(-lowest, unit),
                    date=day,
                ),
                hint=msg("See what is where with: wksbm balance --by place. If it is meant, add --allow-negative."),
            )


class Rule(NamedTuple):
    """A rule of the group, asked of every entry before it is written; and of the finished book by a check, which finds what
    is against it under `code`, unless `only_typed` says why it is not asked there. `flag` is the permission
    (`Permissions`) with which an entry may stand against it.

    A check only warns of what two people apart from one another may both have done rightly, or the register of its day may
    have allowed (`may_be_right`); and of a line of format 1, where the rule is younger than that format (`is_of_format_2`).
    One that needs what members saved or owe (`is_of_sums`) is not asked in a fund with a line that cannot be read.
    """

    code: str
    judge: Callable[[Case], None]
    only_typed: str = ""
    flag: str = ""
    may_be_right: bool = False
    is_of_format_2: bool = False
    is_of_sums: bool = False

    @property
    def says(self) -> str:
        """The rule in a sentence: the first of its judge's docstring."""
        return " ".join((self.judge.__doc__ or "").split(".")[0].split()) + "."

    def only_warns(self, entry: Entry) -> bool:
        """Whether a finished line against it is no error."""
        allowed = self.flag in entry.fields.get("allowed", ())
        return allowed or self.may_be_right or (self.is_of_format_2 and not is_format_2(entry.id))


RULES = (
    Rule("early", not_in_future, "the pass `days` tells what was recorded before its day: by then it may have come", "future"),
    Rule("closed", period_open, "the pass `closed_periods` knows when a period was closed, and opened again"),
    Rule("before-opening", not_before_opening, flag="early"),
    Rule("saved-as-income", savings_are_saved),
    Rule("unknown-place", places_known),
    Rule("restriction", restriction_kept),
    Rule("arisan-money", arisan_is_members_money),
    Rule("arisan-opening", arisan_begins_empty, "books of before this rule may have one"),
    Rule("reversal-unknown", reversal_known),
    Rule("reversal-twice", reversed_once, "the pass `cancelled_twice`: two people apart from one another may both cancel"),
    Rule("reversal-early", reversed_later),
    Rule("member-left", members_present),
    Rule("night-twice", nights_once),
    Rule("second-person", second_person, is_of_format_2=True),
    Rule("second-person-day", second_person_for_a_day, may_be_right=True),
    Rule("approver", approver_named, may_be_right=True),
    Rule("approval", not_alone, may_be_right=True),
    Rule("loan-rounding", instalments_needed),
    Rule("zakat", zakat_to_asnaf),
    Rule("recipient-share", within_recipients_share),
    Rule("benefit-overpaid", benefit_not_overpaid, may_be_right=True),
    Rule("loan-ceiling", within_ceiling, may_be_right=True, is_of_sums=True),
    Rule("loan-cover", lent_on_savings, may_be_right=True, is_of_sums=True),
    Rule("savings-locked", savings_stay, may_be_right=True, is_of_sums=True),
    Rule("members-money", members_money_kept, flag="savings", may_be_right=True, is_of_sums=True),
    Rule("members-money-allowed", members_money_allowed),
)  # fmt: skip
# Asked once all entries of a command stand, of what places then hold; a check asks it of every day (`money.below_zero`).
NEGATIVE = "negative"
# The permission to take of what members have saved.
SAVINGS = "savings"


def broken_by(case: Case, given: Sequence[str]) -> list[str]:
    """Judge an entry that is about to be written: raise the first refusal, and say which permissions it needed."""
    needed = []
    for rule in RULES:
        try:
            rule.judge(case)
        except Refused:
            if rule.flag not in given:
                raise
            needed.append(rule.flag)
    return needed


def against(case: Case) -> Iterator[tuple[Rule, Refused]]:
    """What of a finished line the rules would refuse today; what it was allowed (`Permissions`) is among it."""
    for rule in RULES:
        if not rule.only_typed:
            try:
                rule.judge(case)
            except Refused as refused:
                yield rule, refused
