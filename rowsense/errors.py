"""The errors RowSense raises on purpose: one line each that says what, where and what to do next."""

from __future__ import annotations


class RowSenseError(Exception):
    """A problem the user can act on. ``exit_code`` is what the command line returns for it."""

    exit_code = 1


class UsageError(RowSenseError):
    """The request itself cannot be carried out as asked (options, folders that hold other things)."""

    exit_code = 2


class CatalogueError(UsageError):
    """A fault catalogue breaks rules; ``problems`` has every one of them."""

    def __init__(self, name: str, problems: list[str]) -> None:
        super().__init__(f"fault catalogue {name}: {'; '.join(problems)}; mend the file")
        self.problems = tuple(problems)


class CalibrationError(RowSenseError):
    """A calibration cannot be used: damaged, unknown, or made by another version of the estimator."""

    exit_code = 2


class ModelError(RowSenseError):
    """The pose model is missing, damaged or could not be fetched."""

    exit_code = 2


class VideoError(RowSenseError):
    """The file is not a video that can be read."""

    exit_code = 3


class NotMeasurableError(RowSenseError):
    """A readable video in which nothing can be measured: no rower, not from the side, no whole stroke."""

    exit_code = 4


class OutputError(RowSenseError):
    """The results cannot be written where they should go."""

    exit_code = 6


class AwayError(OutputError):
    """What the work stands on is away or full: a bucket, a disk. The work is not to blame and may be done later."""


class StoreError(RowSenseError):
    """The store of a club cannot be used as asked: another version's, damaged, or not there."""

    exit_code = 2
