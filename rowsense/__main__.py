"""``python -m rowsense`` is the ``rowsense`` command."""

from rowsense.cli import run

if __name__ == "__main__":
    run()
