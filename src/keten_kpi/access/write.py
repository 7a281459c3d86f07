"""Writes the configuration: a location per folder, each with the question to oauth2-proxy that opens it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from string import ascii_letters, digits
from urllib.parse import quote, urlencode

from keten_kpi.access.config import Access
from keten_kpi.dashboard import KETENBUREAU, Editie
from keten_kpi.errors import UsageError
from keten_kpi.refresh import Config
from keten_kpi.standaard.lijsten import read_lijst

TEMPLATE = "nginx.conf.j2"
YEAR_SECONDS = 31_536_000
PLAIN = frozenset(ascii_letters + digits + "-_")
SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Edition:
    """A folder on the web and who may see it. ``name`` is its path; ``question`` what oauth2-proxy is asked."""

    name: str
    folder: Path
    groups: tuple[str, ...]

    @property
    def question(self) -> str:
        """A query string that only the groups named pass: with none, ``constraints_required`` denies everybody."""
        asked = {"allowed_groups": ",".join(self.groups), "constraints_required": "true"}
        return urlencode(asked, quote_via=quote, safe="")


@dataclass(frozen=True, slots=True)
class Home:
    """Where a group is led from the address without a folder; ``pattern`` is its name as an expression."""

    pattern: str
    path: str


def list_homes(editions: Sequence[Edition]) -> list[Home]:
    """Of each group the edition that it opens, in their order; last the groups that open several."""
    opened: dict[str, list[str]] = defaultdict(list)
    for edition in editions:
        for group in edition.groups:
            opened[group].append(edition.name)
    one = [Home(_pattern(group), f"/{names[0]}/") for group, names in opened.items() if len(names) == 1]
    return [*one, *(Home(_pattern(group), SEVERAL) for group, names in opened.items() if len(names) > 1)]


def _pattern(name: str) -> str:
    """Byte by byte, for a name may hold what an expression or a configuration takes otherwise."""
    return "".join(chr(byte) if chr(byte) in PLAIN else f"\\x{byte:02x}" for byte in name.encode())


def _gemeenten(config: Config, access: Access) -> list[str]:
    """All gemeenten of today, so that who asks cannot tell which have an edition, and former ones that have one."""
    known = {row["gemeente"] for row in read_lijst("gemeenten")}
    for code in access.gemeenten:
        if code not in known:
            raise UsageError(f"No gemeente has the code {code}.", "See [access.gemeenten] in the config.")
    today = {row["gemeente"] for row in read_lijst("gemeenten_2026")}
    prefix = Editie("").map
    built = {path.name.removeprefix(prefix) for path in config.path(config.dashboard).glob(f"{prefix}*")}
    return sorted(today | set(access.gemeenten) | (built & known))


def list_editions(config: Config, access: Access) -> list[Edition]:
    """The folders that are on the web.

    Raises:
        UsageError: nobody may see any, or a gemeente does not exist.
    """
    site = config.path(config.dashboard)
    one = config.editions == "ketenbureau"
    found = [Edition(KETENBUREAU.map, site if one else site / KETENBUREAU.map, tuple(access.ketenbureau or ()))]
    codes = _gemeenten(config, access)
    if not one:
        editions = {code: Editie(code).map for code in codes}
        found += [Edition(name, site / name, tuple(access.groups(code))) for code, name in editions.items()]
    seen = [edition for edition in found if edition.groups]
    if not seen:
        raise UsageError(
            "Nobody may see any edition.",
            'Name groups under [access]: ketenbureau = ["..."]'
            + (', and editions = "all" under [refresh] for those of gemeenten.' if one else ' or gemeente = ["..."].'),
        )
    return seen


def _plain(path: Path) -> str:
    text = str(path)
    if not text.isprintable() or any(sign in text for sign in '"\\$'):
        raise UsageError("The path of the dashboard has a sign that nginx takes otherwise.", 'Avoid ", \\ and $.')
    return text


def write_nginx(config: Config, access: Access, editions: Sequence[Edition]) -> str:
    """The configuration, for nginx's ``http`` block.

    Raises:
        UsageError: a path cannot be written in one.
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)  # noqa: S701 - no HTML
    template = resources.files("keten_kpi.access").joinpath(TEMPLATE).read_text("utf-8")
    return environment.from_string(template, globals={"plain": _plain}).render(
        access=access,
        certificate=access.path(access.certificate) if access.certificate else None,
        certificate_key=access.path(access.certificate_key) if access.certificate_key else None,
        dashboard=config.path(config.dashboard),
        editions=editions,
        homes=list_homes(editions),
        several=SEVERAL,
        access_log=access.path(access.access_log),
        error_log=access.path(access.access_log).with_suffix(".error.log"),
        year=YEAR_SECONDS,
    )
