"""Changes of registers, validated by the domain's rules and written under the book's lock."""
