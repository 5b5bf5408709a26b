# The commands of CONTRIBUTING.md, under the same words. `just` lists them.
python := ".venv/bin/python"

default:
    @just --list

# make the environment
setup:
    python3 -m venv .venv
    .venv/bin/pip install -e '.[test]'

# all tests, or those named: just test tests/domain/test_dues.py -k oldest
test *words:
    {{python}} -m pytest {{ if words == "" { "-n auto" } else { words } }}

style:
    .venv/bin/ruff check .
    .venv/bin/ruff format --check .

types:
    .venv/bin/mypy

# bring expected output up to date; read the difference before you commit it
update:
    WKSBM_UPDATE_SNAPSHOTS=1 {{python}} -m pytest tests/test_scenarios.py tests/test_pages.py tests/render/test_snapshots.py tests/check/test_gallery.py
    {{python}} .ci/catalogue
    {{python}} docs/reference.py
    {{python}} docs/rooms.py

# the same work through wksbm and through its peers
benchmark:
    {{python}} benchmarks/run.py

# everything, on a clean machine
ci:
    .ci/run

# what takes hours
long:
    .ci/long
