"""From what was typed to a durable line: drafts of entries, judged by the rules, appended under the lock."""
