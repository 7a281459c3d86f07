"""``[access]`` in keten.toml: the groups that may see an edition, and where nginx and oauth2-proxy are."""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from keten_kpi.refresh.settings import Settings, read_settings

EXAMPLE = """\

# Who may see which folder on the web: `keten-kpi dashboard nginx --config keten.toml` writes it for nginx.
# [access]
# server_name = "monitor.example.nl"
# listen = "443"                                    # a port, or address:port
# certificate = "/etc/ssl/certs/monitor.pem"        # without the two, listen on 127.0.0.1 behind what does TLS
# certificate_key = "/etc/ssl/private/monitor.key"
# oauth2_proxy = "127.0.0.1:4180"                   # who signed in, and in which groups
# ketenbureau = ["keten-kpi-ketenbureau"]           # groups that see the edition of the Ketenbureau
# gemeente = ["keten-kpi-gemeente-{code}"]          # groups that see that of a gemeente; {code} is its CBS code
# access_log = "/var/log/nginx/keten-kpi.log"
# [access.gemeenten]                                # a gemeente that has groups of its own, instead of those above
# 0384 = ["diemen-sociaal-domein"]
"""

CODE = "{code}"
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


def _is_group(name: str) -> str:
    if not name.strip() or not name.isprintable() or "," in name:
        raise ValueError("a group has a name of printable characters without a comma")
    return name


def _is_host(name: str) -> str:
    if not HOST.fullmatch(name):
        raise ValueError("a name of a host has small letters, digits, hyphens and dots, as monitor.example.nl")
    return name


def _is_path(name: str) -> str:
    if not name or not name.isprintable() or any(sign in name for sign in '"\\$'):
        raise ValueError('a path for nginx has printable characters, but no quote ", backslash or $')
    return name


def _split(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 1 << 16:
        raise ValueError("it ends in the number of a port, as 127.0.0.1:4180")
    return host, int(port)


def _is_listen(address: str) -> str:
    host, _ = _split(address)
    if host:
        ip_address(host.removeprefix("[").removesuffix("]"))
    return address


def _is_upstream(address: str) -> str:
    _is_listen(address)
    if not _split(address)[0]:
        raise ValueError("it has an address and a port, as 127.0.0.1:4180")
    return address


Groups = Annotated[list[Annotated[str, AfterValidator(_is_group)]], Field(min_length=1)]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
PathText = Annotated[str, AfterValidator(_is_path)]


class Access(Settings):
    """Who may see what. An edition that no group is named for is not on the web."""

    section: ClassVar[str] = "access"
    example: ClassVar[str] = EXAMPLE

    server_name: Annotated[str, AfterValidator(_is_host)]
    listen: Annotated[str, AfterValidator(_is_listen)] = "443"
    certificate: PathText | None = None
    certificate_key: PathText | None = None
    oauth2_proxy: Annotated[str, AfterValidator(_is_upstream)] = "127.0.0.1:4180"
    ketenbureau: Groups | None = None
    gemeente: Groups | None = None
    gemeenten: dict[Code, Groups] = Field(default_factory=dict)
    access_log: PathText = "/var/log/nginx/keten-kpi.log"

    @property
    def is_tls(self) -> bool:
        return self.certificate is not None

    def groups(self, gemeente: str) -> list[str]:
        """The groups that see the edition of this gemeente; none: nobody does."""
        of_all = [name.replace(CODE, gemeente) for name in self.gemeente or ()]
        return self.gemeenten.get(gemeente, of_all)

    @model_validator(mode="after")
    def _no_pages_in_the_clear(self) -> Self:
        if (self.certificate is None) != (self.certificate_key is None):
            raise ValueError("certificate and certificate_key go together")
        host = _split(self.listen)[0].removeprefix("[").removesuffix("]")
        if not self.is_tls and not (host and ip_address(host).is_loopback):
            raise ValueError(
                "without a certificate pages go over the network unencrypted: give certificate and certificate_key, "
                'or listen = "127.0.0.1:8080" behind a server that does TLS'
            )
        return self


def read_access(path: Path) -> Access:
    """The settings of the web server.

    Raises:
        UsageError: the file is not there or no TOML, or a key or value cannot be; says what and where.
    """
    return read_settings(path, Access)
