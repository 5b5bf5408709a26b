"""The tables of the index.

Sizes, for a neighbourhood collecting from 60 houses every night for ten years: 3,650 to 26,000 entries and as
many movements, some 130 rows of sums per fund, 8,000 per nightly due in `paid`. Reports read the sums.
"""

from __future__ import annotations

# Raised whenever a table or its meaning changes; an index of another version is rebuilt.
VERSION = 16

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- One row per ledger file, as it was when last read; `digest` is over its first `used` bytes,
-- which hold `lines` lines; what lies between `used` and `size` is a torn line.
CREATE TABLE file (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL, inode INTEGER NOT NULL,
    used INTEGER NOT NULL, digest BLOB NOT NULL, lines INTEGER NOT NULL
);

-- What each ledger file gives to a seal (domain/seal.py).
CREATE TABLE sealed (
    file INTEGER PRIMARY KEY, lines INTEGER NOT NULL, until TEXT NOT NULL, digest TEXT NOT NULL
);

-- One row per entry; `text` is the inline table, from which everything else can be read again. `row` is where it stood in
-- its command (0: alone): `at, row, id` is the order of recording (`Entry.recorded`).
CREATE TABLE entry (
    id TEXT PRIMARY KEY, fund TEXT NOT NULL, day TEXT NOT NULL, kind TEXT NOT NULL,
    at TEXT NOT NULL, row INTEGER NOT NULL, file INTEGER NOT NULL, line INTEGER NOT NULL, text TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX entry_fund_day ON entry (fund, kind, day);
-- For the first and last day of the book, which every report asks for.
CREATE INDEX entry_day ON entry (day);

-- Which members, dues, funds and the like the entries of a fund name, each once: asked whenever the index is opened.
CREATE TABLE named (
    fund TEXT NOT NULL, register TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (fund, register, name)
) WITHOUT ROWID;

-- Which entry cancels which.
CREATE TABLE reversal (cancelled TEXT PRIMARY KEY, reversal TEXT NOT NULL) WITHOUT ROWID;

-- The change of each place by each entry. A transfer moves places of two funds.
CREATE TABLE movement (
    fund TEXT NOT NULL, place TEXT NOT NULL, unit TEXT NOT NULL, day TEXT NOT NULL,
    entry TEXT NOT NULL, minor INTEGER NOT NULL
);
CREATE INDEX movement_fund_day ON movement (fund, day);

-- What came in and went out per fund, unit, month and kind of entry; moves within a fund are neither.
CREATE TABLE fund_month (
    fund TEXT NOT NULL, unit TEXT NOT NULL, month TEXT NOT NULL, kind TEXT NOT NULL,
    inflow INTEGER NOT NULL, outflow INTEGER NOT NULL,
    PRIMARY KEY (fund, unit, month, kind)
) WITHOUT ROWID;

-- The same per place, whatever the kind.
CREATE TABLE place_month (
    fund TEXT NOT NULL, place TEXT NOT NULL, unit TEXT NOT NULL, month TEXT NOT NULL,
    inflow INTEGER NOT NULL, outflow INTEGER NOT NULL,
    PRIMARY KEY (fund, place, unit, month)
) WITHOUT ROWID;

-- What members paid, per due and month of payment; `period` is what the payment counts for (dues.counted_in), or ''
-- for the oldest open one. Several periods named by one payment stay together, joined by a space. Reports ask by month.
CREATE TABLE paid (
    fund TEXT NOT NULL, due TEXT NOT NULL, member TEXT NOT NULL, unit TEXT NOT NULL, month TEXT NOT NULL,
    period TEXT NOT NULL, minor INTEGER NOT NULL, payments INTEGER NOT NULL,
    PRIMARY KEY (fund, month, due, member, unit, period)
) WITHOUT ROWID;

-- Nights on which a collector found a member's house empty or away: no misses. `month` is when that was recorded, or
-- (`times` negative) cancelled.
CREATE TABLE away (
    fund TEXT NOT NULL, due TEXT NOT NULL, month TEXT NOT NULL, member TEXT NOT NULL, night TEXT NOT NULL,
    times INTEGER NOT NULL, PRIMARY KEY (fund, due, month, member, night)
) WITHOUT ROWID;

-- Which entries a member's card shows: what was paid in, or received (negative). Nightly payments are in `paid` alone.
CREATE TABLE party (
    organisation TEXT NOT NULL, member TEXT NOT NULL, day TEXT NOT NULL, entry TEXT NOT NULL,
    due TEXT NOT NULL, unit TEXT NOT NULL, minor INTEGER NOT NULL
);
CREATE INDEX party_member ON party (organisation, member, day);

-- Savings of all members of a fund, queried for every payment out of it.
CREATE TABLE saved (fund TEXT PRIMARY KEY, minor INTEGER NOT NULL) WITHOUT ROWID;
"""
