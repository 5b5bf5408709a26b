"""Sources of donations, pillars and forms of help: the closed lists of values in entries."""

from __future__ import annotations

from wksbm_cli.domain.message import Message, msg

DONATION_SOURCES: dict[str, Message] = {
    "individual": msg("individual"),
    "company": msg("company"),
    "government": msg("government"),
    "collection-box": msg("collection box"),
    "member": msg("member"),
}
INCOME_SOURCES: dict[str, Message] = {
    "interest": msg("interest"),
    "rent": msg("rent"),
    "sale": msg("sale of own produce"),
    "fine": msg("fine"),
    "other": msg("other income"),
}
# The four pillars of UU 11/2009 article 1(2), and the three ways of helping (docs/practice.md#organisations).
PILLARS: dict[str, Message] = {
    "rehabilitation": msg("social rehabilitation"),
    "security": msg("social security"),
    "empowerment": msg("social empowerment"),
    "protection": msg("social protection"),
}
MODES: dict[str, Message] = {
    "prevention": msg("prevention"),
    "handling": msg("handling"),
    "referral": msg("referral"),
}
