"""``[refresh]`` in keten.toml: where the messages come from and where the dashboard goes."""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from keten_kpi.errors import UsageError

SECTION = "refresh"
EXAMPLE = """\
# What `keten-kpi refresh --config keten.toml` does each night. Paths are from the folder of this file.
[refresh]
inbox = ["inbox"]             # folders (with all in them), files, or globs such as "in/*.zip"
after = "leave"               # "leave" what was read where it is, or "move" it to archive
archive = "archive"           # where "move" puts it; a name that is taken gets a number
database = "keten.duckdb"
# key_file = "keten.key"      # the key of the pseudonyms; else KETEN_KPI_KEY, else the one beside the database
dashboard = "dashboard"       # a link to the newest dashboard in dashboard.versions
editions = "ketenbureau"      # or "all": a folder for each gemeente, and one for the Ketenbureau
min_aantal = 10               # smaller counts are hidden; 0 hides nothing
status = "status.json"        # what the last run came to, for a monitor
"""


class Config(BaseModel):
    """The settings, with whole paths."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    inbox: list[str] = Field(min_length=1)
    after: Literal["leave", "move"] = "leave"
    archive: str = "archive"
    database: str = "keten.duckdb"
    key_file: str | None = None
    dashboard: str = "dashboard"
    editions: Literal["ketenbureau", "all"] = "ketenbureau"
    min_aantal: int = Field(default=10, ge=0)
    status: str = "status.json"
    top: Path = Path()

    def path(self, name: str) -> Path:
        """A path of the settings, from the folder of the file."""
        return self.top / name


def _line_of(text: str, key: str) -> str:
    for number, line in enumerate(text.splitlines(), start=1):
        if re.match(rf"\s*{re.escape(key)}\s*=", line):
            return f", line {number}"
    return ""


def _section(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text("utf-8")
        section = tomllib.loads(text).get(SECTION)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is no TOML: {error}.", "`keten-kpi init` writes an example.") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is no text in UTF-8.", "Save it as UTF-8.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "Make one with `keten-kpi init`.") from None
    if not isinstance(section, dict):
        raise UsageError(f"{path} has no section [{SECTION}].", "`keten-kpi init` writes an example.")
    return text, section


def _explain(path: Path, text: str, error: ValidationError) -> UsageError:
    fault = error.errors()[0]
    key = str(fault["loc"][0])
    place = f"{path}{_line_of(text, key)}"
    known = [name for name in Config.model_fields if name != "top"]
    if fault["type"] == "extra_forbidden":
        near = get_close_matches(key, known, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Choose from {', '.join(known)}."
        return UsageError(f"{place}: there is no setting {key}.", hint)
    if fault["type"] == "missing":
        return UsageError(f"{place}: the setting {key} is missing.", 'Write it as: inbox = ["inbox"]')
    words = fault["msg"][:1].lower() + fault["msg"][1:]
    return UsageError(f"{place}: {key} cannot be this: {words}.", "`keten-kpi init` writes an example.")


def read_config(path: Path) -> Config:
    """The settings of the nightly job.

    Raises:
        UsageError: the file is not there or no TOML, or a key or value cannot be; says what and where.
    """
    text, section = _section(path)
    if "top" in section:
        raise UsageError(f"{path}{_line_of(text, 'top')}: there is no setting top.", "Leave it out.")
    try:
        return Config.model_validate({**section, "top": path.resolve().parent})
    except ValidationError as error:
        raise _explain(path, text, error) from None
