"""What a party asks of itself: ``[check]`` in a TOML file, a share from 0 to 1 per norm."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path

from keten_kpi.errors import UsageError

SECTION = "check"
EXAMPLE = "Write it as: doorlooptijd-toewijzing = 0.90"


def _line_of(text: str, key: str) -> str:
    """Where in the file a key of the section stands, in words; TOML itself does not say."""
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip().startswith("["):
            inside = line.strip().startswith(f"[{SECTION}]")
        elif inside and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*=""", line):
            return f", line {number}"
    return ""


def _parse(path: Path) -> tuple[str, dict[str, object]]:
    try:
        text = path.read_text("utf-8")
        section = tomllib.loads(text).get(SECTION)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is no TOML: {error}.", EXAMPLE) from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is no text in UTF-8.", "Save it as UTF-8.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "Give another --config.") from None
    if not isinstance(section, dict):
        raise UsageError(f"{path} has no section [{SECTION}].", f"Put the norms under [{SECTION}]. {EXAMPLE}")
    return text, section


def _share(path: Path, text: str, key: str, value: object) -> float:
    place = f"{path}{_line_of(text, key)}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UsageError(f"{place}: {key} is no number.", EXAMPLE)
    if not 0 < value <= 1:
        hint = f"Did you mean {value / 100:g}?" if 1 < value <= 100 else EXAMPLE  # noqa: PLR2004  # a percentage
        raise UsageError(f"{place}: {key} = {value} is no share between 0 and 1.", hint)
    return float(value)


def read_config(path: Path, norms: Collection[str]) -> dict[str, float]:
    """The share within the norm that is asked, per norm.

    Raises:
        UsageError: the file is not there or no TOML, has no [check], or a key or value in it cannot be; says where.
    """
    text, section = _parse(path)
    for key in section:
        if key not in norms:
            near = get_close_matches(key, norms, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Choose from {', '.join(norms)}."
            raise UsageError(f"{path}{_line_of(text, key)}: there is no norm {key}.", hint)
    return {key: _share(path, text, key, value) for key, value in section.items()}
