"""The rules of community funds: pure values and functions, no files, no clock, no printing."""
