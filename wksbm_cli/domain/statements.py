"""The lines of the financial statements and of the supervisor's report, in order, with the accounts and flows they sum.

A kind of entry names its lines (`kinds.Kind`); a test finds lines that no kind names, which would always be empty.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from wksbm_cli.domain.message import Message, msg
from wksbm_cli.domain.sources import DONATION_SOURCES, INCOME_SOURCES, PILLARS

# Labels of lines: donations and other income by source, help by pillar.
DONATED: dict[str, Message] = {
    source: msg("Donations: {source}", source=title) for source, title in DONATION_SOURCES.items()
}
EARNED: dict[str, Message] = {
    source: msg("Other income: {source}", source=title) for source, title in INCOME_SOURCES.items() if source != "other"
} | {"other": msg("Other income")}
HELPED: dict[str, Message] = {
    pillar: msg("Help given: {pillar}", pillar=title) for pillar, title in PILLARS.items()
} | {"": msg("Help given, no pillar said")}

Section = Literal["income", "expense", "other", "net-assets", "reserves", "loans", "owed"]


class StatementHead(NamedTuple):
    """A line of the ISAK 335 statements: the prefix of its accounts, its label, and its section.

    Income, expenses and `other` make the surplus of a year; `net-assets` changes what a fund has and is neither income
    nor cost; `reserves` names a part of what it has, and changes none of it; `loans` is what members owe, `owed` what
    they are owed.
    """

    account: str
    title: Message
    section: Section


CONTRIBUTED = StatementHead("income:contributions:", msg("Contributions of members"), "income")
DONATIONS = tuple(StatementHead(f"income:donations:{source}", title, "income") for source, title in DONATED.items())
SERVICE_CHARGES = StatementHead("income:service-charges", msg("Service charges on loans"), "income")
OTHER_INCOME = tuple(StatementHead(f"income:{source}", title, "income") for source, title in EARNED.items())
FINES = next(head for head in OTHER_INCOME if head.account == "income:fine")
BENEFITS = tuple(StatementHead(f"expenses:benefits:{pillar}", title, "expense") for pillar, title in HELPED.items())
OPERATIONS = StatementHead("expenses:operations", msg("Running costs"), "expense")
RETURNED = StatementHead("expenses:returned", msg("Grants handed back to their givers"), "expense")
WRITTEN_OFF = StatementHead("expenses:write-offs", msg("Loans written off"), "expense")
EXCHANGED = StatementHead("equity:exchange", msg("Goods sold, less goods bought"), "other")
DIFFERENCES = StatementHead("equity:differences", msg("Differences found at counts"), "other")
# Opening balances within a period count as its beginning; only reversals of earlier ones remain here.
OPENING = StatementHead("equity:opening", msg("Opening balances cancelled"), "net-assets")
SURPLUS = StatementHead("equity:surplus", msg("Surplus shared out to members"), "net-assets")
RESERVES = StatementHead("equity:reserves:", msg("Reserves kept of the surplus"), "reserves")
UNRESERVED = StatementHead("equity:unreserved", msg("What is no reserve"), "reserves")
TRANSFERS = StatementHead("equity:transfers", msg("Transfers from (to) other funds"), "net-assets")
LOANS = StatementHead("assets:loans:", msg("Loans to members"), "loans")
SAVINGS = StatementHead("liabilities:savings:", msg("Savings of members"), "owed")
ARISAN = StatementHead("liabilities:arisan", msg("Arisan money held for the rounds to come"), "owed")

HEADS = (
    CONTRIBUTED, *DONATIONS, SERVICE_CHARGES, *OTHER_INCOME, *BENEFITS, OPERATIONS, RETURNED, WRITTEN_OFF, EXCHANGED,
    DIFFERENCES, OPENING, SURPLUS, RESERVES, UNRESERVED, TRANSFERS, LOANS, SAVINGS, ARISAN,
)  # fmt: skip


def head_of(account: str) -> StatementHead | None:
    """The line of an account: the longest matching prefix. None for places of money."""
    return max(
        (head for head in HEADS if account.startswith(head.account)), key=lambda head: len(head.account), default=None
    )


# The lines of the report to the supervisor, by their key in its data.
RECEIPTS: dict[str, Message] = {
    "contributions": msg("Contributions of members"),
    **{f"donation:{source}": title for source, title in DONATED.items()},
    **{f"income:{source}": title for source, title in EARNED.items()},
    "charges": msg("Service charges and fines on loans"),
    "repaid": msg("Loans repaid"),
    "members-in": msg("Savings and arisan money of members"),
    "exchanged-in": msg("Got in exchange"),
    "transfers-in": msg("From other organisations"),
    "counts-in": msg("Found at counts"),
    "corrections-in": msg("Cancelled of an earlier period"),
}
PAYMENTS: dict[str, Message] = {
    **{f"help:{pillar}": title for pillar, title in HELPED.items()},
    "running-costs": msg("Running costs"),
    "returned": msg("Grants handed back to their givers"),
    "lent": msg("Loans to members"),
    "members-out": msg("Savings, arisan money and surplus to members"),
    "exchanged-out": msg("Given in exchange"),
    "transfers-out": msg("To other organisations"),
    "counts-out": msg("Missing at counts"),
    "corrections-out": msg("Cancelled of an earlier period"),
}
