"""Trust: what a finding, a seal or git can say of the lines of a book."""
