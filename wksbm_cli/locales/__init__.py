"""The catalogues of sentences: where they are, and under which name gettext finds them."""

from pathlib import Path

DOMAIN = "wksbm"
FOLDER = Path(__file__).parent
