"""``[refresh]`` in keten.toml: where the messages come from and where the dashboard goes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from keten_kpi.disclosure.protect import SMALLEST
from keten_kpi.refresh.settings import Settings, read_settings

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


def _hides(minimum: int) -> int:
    if 0 < minimum < SMALLEST:
        raise ValueError(f"below {SMALLEST} nothing is hidden that cannot be guessed; 0 hides nothing")
    return minimum


class Config(Settings):
    """The settings of the nightly job."""

    section: ClassVar[str] = "refresh"
    example: ClassVar[str] = EXAMPLE

    inbox: list[str] = Field(min_length=1)
    after: Literal["leave", "move"] = "leave"
    archive: str = "archive"
    database: str = "keten.duckdb"
    key_file: str | None = None
    dashboard: str = "dashboard"
    editions: Literal["ketenbureau", "all"] = "ketenbureau"
    min_aantal: Annotated[int, AfterValidator(_hides)] = Field(default=10, ge=0)
    status: str = "status.json"


def read_config(path: Path) -> Config:
    """The settings of the nightly job.

    Raises:
        UsageError: the file is not there or no TOML, or a key or value cannot be; says what and where.
    """
    return read_settings(path, Config)
