"""Counts what archives unpack to, and stops the bombs."""

from __future__ import annotations

from dataclasses import dataclass

from keten_kpi.source.damage import Damage
from keten_kpi.source.document import Limits, Reason


@dataclass(slots=True)
class Meter:
    """All that one path on the command line unpacks to, over every archive nested in it."""

    limits: Limits
    unpacked: int = 0
    members: int = 0

    @property
    def room(self) -> int:
        """How many members may still come."""
        return self.limits.archive_members - self.members

    def member(self) -> None:
        """Count one more member; raises Damage past the bound."""
        self.members += 1
        if self.members > self.limits.archive_members:
            message = f"The archive holds more than {self.limits.archive_members} members, the most that is read of one"
            raise Damage(message, Reason.ARCHIVE_TOO_LARGE)

    def unpack(self, size: int) -> None:
        """Count unpacked bytes; raises Damage past the bound."""
        self.unpacked += size
        if self.unpacked > self.limits.archive_bytes:
            message = (
                f"The archive unpacks to more than {self.limits.archive_bytes} bytes, the most that is read of one"
            )
            raise Damage(message, Reason.ARCHIVE_TOO_LARGE)


@dataclass(slots=True)
class Squeeze:
    """How much smaller one archive or compression was than what comes out of it."""

    meter: Meter
    packed: int = 0
    unpacked: int = 0

    def gave(self, size: int) -> None:
        """Count bytes that came out; raises Damage past the bounds."""
        self.meter.unpack(size)
        self.unpacked += size
        limits = self.meter.limits
        if self.unpacked > limits.archive_ratio_from and self.unpacked > limits.archive_ratio * self.packed:
            message = f"The archive unpacks to more than {limits.archive_ratio} times its size, as no messages do"
            raise Damage(message, Reason.ARCHIVE_TOO_LARGE)
