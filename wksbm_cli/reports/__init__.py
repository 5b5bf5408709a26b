"""One module per report: questions to the index in, a `Report` value out; no printing."""
