"""``python -m rowsense`` is the ``rowsense`` command."""

from rowsense.cli import main

if __name__ == "__main__":
    main()
