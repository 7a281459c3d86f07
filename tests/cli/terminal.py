"""What a terminal of some width is sent by our command."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

ANSI = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


def drawn(folder: Path, width: int, *command: str) -> str:
    """The text without colours and without blanks at line ends; ``command`` is what follows ``keten-kpi``."""
    reader, writer = pty.openpty()
    fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    surroundings = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
    process = subprocess.Popen(
        [sys.executable, "-m", "keten_kpi", *command], cwd=folder, stdin=writer, stdout=writer, stderr=writer,
        env={**surroundings, "TERM": "xterm"},
    )  # fmt: skip
    os.close(writer)
    read = bytearray()
    while part := _read(reader):
        read += part
    os.close(reader)
    assert process.wait() in {0, 3}, read.decode()
    text = ANSI.sub("", read.decode()).replace("\r", "")
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _read(reader: int) -> bytes:
    try:
        return os.read(reader, 65536)
    except OSError:  # Linux says so when the other side is closed
        return b""
