"""Debian's nginx with a written configuration, on this machine only, and requests as raw bytes."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.access.stand_in import COOKIE

NGINX = Path(os.environ.get("NGINX", "/usr/sbin/nginx"))
NAME = "monitor.example.nl"
MAIN = """
{user}daemon off; master_process on; worker_processes 1;
pid {folder}/pid; error_log {folder}/main.log crit;
events {{ worker_connections 64; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {conf};
}}
"""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Web:
    """A running nginx; ``tls`` is how it is spoken to where it has a certificate."""

    port: int
    tls: ssl.SSLContext | None = None

    def ask(
        self, path: str, session: str | None = None, *, method: str = "GET", host: str = NAME, more: str = ""
    ) -> Answer:
        cookie = f"Cookie: {COOKIE}={session}\r\n" if session else ""
        text = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{cookie}{more}Connection: close\r\n\r\n"
        line = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        with self.tls.wrap_socket(line, server_hostname=NAME) if self.tls else line as line:
            line.sendall(text.encode("latin-1"))
            told = b"".join(iter(lambda: line.recv(1 << 16), b""))
        return _read(told)


def _read(told: bytes) -> Answer:
    head, _, body = told.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = [line.partition(": ") for line in lines]
    status = int(first.split(" ")[1]) if first.startswith("HTTP/") else 0
    return Answer(status, {name.lower(): value for name, _, value in pairs}, body)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1000):
        assert process.poll() is None, "nginx did not start"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    pytest.fail("nginx does not answer")


def _main_config(folder: Path, conf: Path) -> Path:
    path = folder / "main.conf"
    user = "user root; " if os.geteuid() == 0 else ""  # its workers read what pytest made for this user
    path.write_text(MAIN.format(user=user, folder=folder, conf=conf), "utf-8")
    return path


@contextmanager
def running(folder: Path, conf: Path, port: int, tls: ssl.SSLContext | None = None) -> Iterator[Web]:
    """An nginx with this file in its http block."""
    main = _main_config(folder, conf)
    process = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(main)], stderr=subprocess.PIPE)
    try:
        _wait(port, process)
        yield Web(port, tls)
    finally:
        process.terminate()
        process.communicate(timeout=60)
