"""From typed values to durable lines: drafts of entries, validated by the rules, appended under the lock."""
