"""A section of keten.toml, checked; what is wrong there is said with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from keten_kpi.errors import UsageError

ADVICE = "`keten-kpi init` writes an example."
HEADER = re.compile(r"\s*\[+\s*([^\]]+?)\s*\]+")


class Settings(BaseModel):
    """The settings of one section; paths in it are from the folder of the file.

    ``section`` is its name, and ``example`` how ``init`` writes it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    section: ClassVar[str]
    example: ClassVar[str]

    top: Path = Path()

    def path(self, name: str) -> Path:
        """A path of the settings, from the folder of the file."""
        return self.top / name


Read = TypeVar("Read", bound=Settings)


def _lines_of(text: str, section: str) -> Iterator[tuple[int, str]]:
    """The lines of a section and of the tables in it, with their numbers."""
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        if header := HEADER.match(line):
            inside = header[1] == section or header[1].startswith(f"{section}.")
        if inside:
            yield number, line


def _place(path: Path, text: str, section: str, key: str) -> str:
    name = re.compile(rf"""\s*(\[.*\.)?["']?{re.escape(key)}["']?\s*[=\]]""")
    found = [number for number, line in _lines_of(text, section) if name.match(line)]
    return f"{path}, line {found[0]}" if found else str(path)


def _read(path: Path, section: str) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text("utf-8")
        found = tomllib.loads(text).get(section)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is no TOML: {error}.", ADVICE) from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is no text in UTF-8.", "Save it as UTF-8.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "Make one with `keten-kpi init`.") from None
    if not isinstance(found, dict):
        raise UsageError(f"{path} has no section [{section}].", ADVICE)
    return text, found


def _no_such(place: str, key: str, known: list[str]) -> UsageError:
    near = get_close_matches(key, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"Choose from {', '.join(known)}."
    return UsageError(f"{place}: there is no setting {key}.", hint)


def _explain(path: Path, text: str, model: type[Settings], error: ValidationError) -> UsageError:
    fault = error.errors()[0]
    keys = [str(part) for part in fault["loc"] if isinstance(part, str)] or [""]
    key = keys[-1] if keys[-1] != "[key]" else keys[-2]
    place = _place(path, text, model.section, key)
    if fault["type"] == "extra_forbidden":
        return _no_such(place, key, [name for name in model.model_fields if name != "top"])
    if fault["type"] == "missing":
        example = re.search(rf"^(?:# )?({key} = .*?)\s*(?:#.*)?$", model.example, re.MULTILINE)
        return UsageError(
            f"{place}: the setting {key} is missing in [{model.section}].",
            f"Write it as: {example[1]}" if example else ADVICE,
        )
    words = fault["msg"].removeprefix("Value error, ")
    return UsageError(f"{place}: {key or model.section} cannot be this: {words[:1].lower()}{words[1:]}.", ADVICE)


def read_settings(path: Path, model: type[Read]) -> Read:
    """The settings of the section that the model is of.

    Raises:
        UsageError: the file is not there or no TOML, or a key or value cannot be; says what and where.
    """
    text, section = _read(path, model.section)
    if "top" in section:
        raise UsageError(f"{_place(path, text, model.section, 'top')}: there is no setting top.", "Leave it out.")
    try:
        return model.model_validate({**section, "top": path.resolve().parent})
    except ValidationError as error:
        raise _explain(path, text, model, error) from None
