"""Errors that reach a person, with what to do next, and the exit codes they end in."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command; documented in docs/exit-codes.md."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    QUARANTINED = 3
    NOT_MET = 3  # `check`: a norm in the config is not met; to a batch job the same: look at it


class KetenError(Exception):
    """Something a user can act on. Never holds a value from a message.

    Args:
        message: one sentence that says what is wrong, and where.
        advice: one sentence with the next step to try.
    """

    exit_code = Exit.FAILED

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class UsageError(KetenError):
    """The command cannot mean what was typed."""

    exit_code = Exit.USAGE
