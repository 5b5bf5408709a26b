"""Savings and loans: recording them, the terms of a fund, and who owes and holds what."""

from __future__ import annotations

from typing import Annotated

import typer

from wksbm_cli.cli.arguments import AmountArgument, ApprovedByOption, FundArgument, MemberArgument, PlaceOption
from wksbm_cli.cli.entries import record
from wksbm_cli.cli.names import N_
from wksbm_cli.cli.registering import change_and_print
from wksbm_cli.cli.session import Session
from wksbm_cli.domain.message import msg
from wksbm_cli.domain.problem import Usage
from wksbm_cli.recording import lending as drafts

ClassOption = Annotated[
    str | None, typer.Option("--class", metavar=N_("CLASS"), help=N_("Class of savings, where the fund has several"))
]
RateOption = Annotated[
    str | None, typer.Option("--rate", metavar=N_("PERCENT"), help=N_("Service charge per instalment, in percent: 1,5"))
]
MethodOption = Annotated[
    str | None,
    typer.Option(
        "--method", metavar=N_("flat|declining"), help=N_("Charge on the whole loan, or on what is left of it")
    ),
]
InstalmentsOption = Annotated[
    int | None, typer.Option("--instalments", metavar=N_("NUMBER"), help=N_("Number of instalments"))
]
CycleOption = Annotated[
    str | None, typer.Option("--cycle", metavar=N_("CYCLE"), help=N_("week, selapanan, month, semester or year"))
]

RoundOption = Annotated[
    str | None,
    typer.Option("--round", metavar=N_("AMOUNT"), help=N_("Round instalments up to a multiple of this: 1000")),
]
LoanOption = Annotated[
    str | None, typer.Option("--loan", metavar=N_("ID"), help=N_("Which loan, where the member has several"))
]
ReasonOption = Annotated[str, typer.Option("--reason", metavar=N_("TEXT"), help=N_("Why"))]
ApprovedOption = Annotated[str, typer.Option("--approved-by", metavar=N_("NAME"), help=N_("Who approved it"))]


def lend(
    ctx: typer.Context,
    fund: FundArgument,
    member: MemberArgument,
    amount: AmountArgument,
    rate: RateOption = None,
    method: MethodOption = None,
    instalments: InstalmentsOption = None,
    cycle: CycleOption = None,
    step: RoundOption = None,
    approved_by: ApprovedByOption = None,
    place: PlaceOption = None,
) -> None:
    asked = drafts.TermsTyped(rate, method, instalments, cycle, step)
    record(ctx, fund, place, lambda drafter, _: drafts.loan(drafter, member, amount, asked), approved_by)


def reschedule(
    ctx: typer.Context,
    fund: FundArgument,
    member: MemberArgument,
    reason: ReasonOption,
    approved_by: ApprovedOption,
    rate: RateOption = None,
    method: MethodOption = None,
    instalments: InstalmentsOption = None,
    cycle: CycleOption = None,
    step: RoundOption = None,
    loan: LoanOption = None,
) -> None:
    asked = drafts.TermsTyped(rate, method, instalments, cycle, step)
    record(
        ctx,
        fund,
        None,
        lambda drafter, query: drafts.rescheduling(drafter, query, member, asked, reason=reason, loan_typed=loan),
        approved_by,
    )


def write_off(
    ctx: typer.Context,
    fund: FundArgument,
    member: MemberArgument,
    reason: ReasonOption,
    approved_by: ApprovedOption,
    amount: Annotated[
        str | None,
        typer.Option("--amount", metavar=N_("AMOUNT"), help=N_("What of the principal; all that is left if not given")),
    ] = None,
    loan: LoanOption = None,
) -> None:
    record(
        ctx,
        fund,
        None,
        lambda drafter, query: drafts.writing_off(drafter, query, member, amount, reason=reason, loan_typed=loan),
        approved_by,
    )


def repay(
    ctx: typer.Context,
    fund: FundArgument,
    member: MemberArgument,
    amount: AmountArgument,
    loan: LoanOption = None,
    fine: Annotated[str | None, typer.Option("--fine", metavar=N_("AMOUNT"), help=N_("What of it is a fine"))] = None,
    covered_by: Annotated[
        str | None, typer.Option("--covered-by", metavar=N_("MEMBER"), help=N_("Who paid it in the borrower's place"))
    ] = None,
    to_coverer: Annotated[
        str | None,
        typer.Option("--to-coverer", metavar=N_("MEMBER"), help=N_("The borrower gives it back to who had covered")),
    ] = None,
    place: PlaceOption = None,
) -> None:
    if covered_by and to_coverer:
        raise Usage(msg("Either someone covers, or the borrower gives back: not both in one entry."))
    record(
        ctx,
        fund,
        place,
        lambda drafter, query: drafts.repayment(
            drafter, query, member, amount, loan_typed=loan, fine=fine, covered_by=covered_by, to_coverer=to_coverer
        ),
    )


def save(
    ctx: typer.Context,
    fund: FundArgument,
    member: MemberArgument,
    amount: AmountArgument,
    class_: ClassOption = None,
    place: PlaceOption = None,
) -> None:
    record(ctx, fund, place, lambda drafter, _: drafts.saving(drafter, member, amount, class_))


def withdraw(
    ctx: typer.Context,
    fund: FundArgument,
    member: MemberArgument,
    amount: AmountArgument,
    class_: ClassOption = None,
    approved_by: ApprovedByOption = None,
    place: PlaceOption = None,
) -> None:
    record(
        ctx,
        fund,
        place,
        lambda drafter, _: drafts.withdrawal(drafter, member, amount, class_),
        approved_by,
    )


def loans(
    ctx: typer.Context,
    fund: FundArgument,
    loan: Annotated[str | None, typer.Option("--loan", metavar=N_("ID"), help=N_("The schedule of one loan"))] = None,
) -> None:
    from wksbm_cli.cli.reporting import asked_day, print_report_of
    from wksbm_cli.reports.lending import loan_list, loan_schedule
    from wksbm_cli.standing.lending import loan_by_id
    from wksbm_cli.standing.lending import loans as loans_of

    session = ctx.ensure_object(Session)
    registers, query, day = session.registers, session.query, asked_day(session)
    found = registers.fund(fund)
    if loan is None:
        print_report_of(session, loan_list(query, registers, found, day), [found])
        return
    chosen = loan_by_id(loans_of(query, found, day), found, loan)
    print_report_of(session, loan_schedule(registers, found, chosen, day), [found])


def savings(ctx: typer.Context, fund: FundArgument) -> None:
    from wksbm_cli.cli.reporting import asked_day, print_report_of
    from wksbm_cli.reports.lending import savings_list

    session = ctx.ensure_object(Session)
    found = session.registers.fund(fund)
    print_report_of(session, savings_list(session.query, session.registers, found, asked_day(session)), [found])


def surplus(ctx: typer.Context, fund: FundArgument) -> None:
    from wksbm_cli.cli.reporting import asked_day, asked_span, print_report_of
    from wksbm_cli.domain.dates import Span
    from wksbm_cli.reports.lending import surplus as make

    session = ctx.ensure_object(Session)
    found = session.registers.fund(fund)
    span, as_of = asked_span(session, funds=[found]), None
    if span.start is None or span.end is None:
        span, as_of = Span.year_of(asked_day(session), session.registers.years_begin([found])), span.end
    print_report_of(session, make(session.query, session.registers, found, span, as_of), [found])


def share_out(
    ctx: typer.Context,
    fund: FundArgument,
    year: Annotated[str, typer.Argument(metavar=N_("YEAR"), help=N_("The year that is over: 2026, or last"))],
    approved_by: ApprovedByOption = None,
    place: PlaceOption = None,
) -> None:
    record(ctx, fund, place, lambda drafter, query: drafts.sharing(drafter, query, year), approved_by)


def savings_class(
    ctx: typer.Context,
    fund: FundArgument,
    name: Annotated[
        str, typer.Argument(metavar=N_("CLASS"), help=N_("Short name of the class: pokok, wajib, sukarela"))
    ],
    amount: Annotated[
        str | None, typer.Option("--amount", metavar=N_("AMOUNT"), help=N_("What each member must hold of it"))
    ] = None,
    locked: Annotated[bool, typer.Option("--locked", help=N_("It stays until the member leaves"))] = False,
    called: Annotated[str | None, typer.Option("--name", metavar=N_("NAME"), help=N_("Name as people know it"))] = None,
) -> None:
    from wksbm_cli.recording.registers import lending as rules

    session = ctx.ensure_object(Session)
    change_and_print(
        session,
        lambda registers: rules.add_savings_class(registers, fund, name, amount=amount, locked=locked, called=called),
    )


def terms(
    ctx: typer.Context,
    fund: FundArgument,
    rate: RateOption = None,
    method: MethodOption = None,
    instalments: InstalmentsOption = None,
    cycle: CycleOption = None,
    ceiling: Annotated[
        str | None, typer.Option("--ceiling", metavar=N_("AMOUNT"), help=N_("The most one member owes at a time"))
    ] = None,
    times_savings: Annotated[
        int | None,
        typer.Option("--times-savings", metavar=N_("NUMBER"), help=N_("How many times the savings may be lent")),
    ] = None,
    fine: Annotated[
        str | None, typer.Option("--fine", metavar=N_("AMOUNT"), help=N_("What is asked for each late instalment"))
    ] = None,
    step: RoundOption = None,
    lends_savings: Annotated[
        bool | None,
        typer.Option("--lends-savings/--keeps-savings", help=N_("Whether what members save is lent to one another")),
    ] = None,
) -> None:
    from wksbm_cli.recording.registers import lending as rules

    session = ctx.ensure_object(Session)
    change_and_print(
        session,
        lambda registers: rules.set_terms(
            registers,
            fund,
            rate=rate,
            method=method,
            instalments=instalments,
            cycle=cycle,
            ceiling=ceiling,
            times_savings=times_savings,
            fine=fine,
            step=step,
            lends_savings=lends_savings,
        ),
    )


def surplus_rule(
    ctx: typer.Context,
    fund: FundArgument,
    shares: Annotated[
        list[str],
        typer.Argument(metavar=N_("SHARE=PERCENT"), help=N_("Shares that make 100: savings=40 charges=30 cadangan=30")),
    ],
) -> None:
    from wksbm_cli.recording.registers import lending as rules

    session = ctx.ensure_object(Session)
    change_and_print(session, lambda registers: rules.share_surplus(registers, fund, shares))
