"""What breaks off an archive or a file halfway."""

from __future__ import annotations

from keten_kpi.source.document import Fault, Reason


class Damage(Exception):  # noqa: N818 - it never leaves this room: it becomes a fault
    """Nothing after this point can be read; ``message`` holds no name and no content."""

    def __init__(self, message: str, reason: Reason = Reason.UNREADABLE) -> None:
        super().__init__(message)
        self.fault = Fault(reason, message)


def unreadable(error: OSError) -> Fault:
    """The system's own words for its error number; never the path, which may hold a name."""
    return Fault(Reason.UNREADABLE, f"This cannot be read: {error.strerror or 'the system gives no reason'}")
