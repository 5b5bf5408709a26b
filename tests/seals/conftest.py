"""A book to damage, for the tests of this folder."""

from tests.damaged import damaged

__all__ = ["damaged"]
