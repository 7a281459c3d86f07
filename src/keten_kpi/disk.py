"""What must be on disk before something else rests on it: a power cut may lose what was only written."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def sync(path: Path) -> None:
    """Returns when the bytes of this file, or the names in this folder, are on disk.

    A file system that knows no such thing for folders is left as it is.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(handle)


def sync_all() -> None:
    """The same for all that was ever written: one call, where that is thousands of files."""
    os.sync()
