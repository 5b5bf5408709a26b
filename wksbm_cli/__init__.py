"""Bookkeeping for Indonesian community social funds."""

__version__ = "0.1.0"
