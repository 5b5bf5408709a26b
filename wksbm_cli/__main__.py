"""`python -m wksbm_cli`."""

from wksbm_cli.cli.main import main

if __name__ == "__main__":
    main()
