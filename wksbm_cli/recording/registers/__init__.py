"""Changes of registers: what each may change, judged by the domain's rules and written under the book's lock."""
