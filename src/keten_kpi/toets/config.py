"""What a party asks of itself: ``[check]`` in a TOML file, a share from 0 to 1 per norm."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from keten_kpi.errors import UsageError
from keten_kpi.section import Section, read_section

EXAMPLE = "Write it as: doorlooptijd-toewijzing = 0.90"
ADVICE = f"Give a file with, under [check], a share per norm. {EXAMPLE}"


def _share(section: Section, key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UsageError(f"{section.place(key)}: {key} is no number.", EXAMPLE)
    if not 0 < value <= 1:
        hint = f"Did you mean {value / 100:g}?" if 1 < value <= 100 else EXAMPLE  # noqa: PLR2004  # a percentage
        raise UsageError(f"{section.place(key)}: {key} = {value} is no share between 0 and 1.", hint)
    return float(value)


def read_config(path: Path, norms: Collection[str]) -> dict[str, float]:
    """The share within the norm that is asked, per norm.

    Raises:
        UsageError: the file is not there or no TOML, has no [check], or a key or value in it cannot be; says where.
    """
    section = read_section(path, "check", ADVICE)
    for key in section.values:
        if key not in norms:
            raise section.no_such("norm", key, norms)
    return {key: _share(section, key, value) for key, value in section.values.items()}
