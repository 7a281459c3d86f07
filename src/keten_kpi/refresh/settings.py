"""A section of keten.toml, checked; what is wrong there is said with its line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from keten_kpi.errors import UsageError
from keten_kpi.section import Section, read_section

ADVICE = "`keten-kpi init` writes an example."


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


def _explain(section: Section, model: type[Settings], error: ValidationError) -> UsageError:
    # a key that is misspelt is the cause of one that is missing
    fault = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
    keys = [str(part) for part in fault["loc"] if isinstance(part, str)] or [""]
    key = keys[-1] if keys[-1] != "[key]" else keys[-2]
    place = section.place(key)
    if fault["type"] == "extra_forbidden":
        return section.no_such("setting", key, [name for name in model.model_fields if name != "top"])
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
    section = read_section(path, model.section, ADVICE)
    if "top" in section.values:
        raise UsageError(f"{section.place('top')}: there is no setting top.", "Leave it out.")
    try:
        return model.model_validate({**section.values, "top": path.resolve().parent})
    except ValidationError as error:
        raise _explain(section, model, error) from None
