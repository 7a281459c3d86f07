"""Puts a dashboard in the place of the old one: a link that names one folder or the other, never half of one."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from uuid import uuid4

from keten_kpi.disk import sync, sync_all
from keten_kpi.errors import KetenError, UsageError


def versions_folder(link: Path) -> Path:
    return link.with_name(link.name + ".versions")


def new_version(link: Path) -> Path:
    """A folder to build in; nobody sees it yet.

    Raises:
        UsageError: the place of the link holds something else.
    """
    if link.exists() and not link.is_symlink():
        raise UsageError(f"{link} is no link that refresh made.", "Move it away, or give another dashboard.")
    folder = versions_folder(link) / uuid4().hex[:12]
    folder.parent.mkdir(parents=True, exist_ok=True)
    return folder


def check_site(folder: Path) -> None:
    """Whether every page and link of a site is there.

    Raises:
        KetenError: one is not.
    """
    pages = sorted(folder.rglob("*.html"))
    if not pages:
        raise KetenError("The dashboard that was built holds no page.", "Yesterday's is still there.")
    for page in pages:
        for link in re.findall(r'<a[^>]* href="([^"#]+)"', page.read_text("utf-8")):
            if not (page.parent / link).is_file():
                raise KetenError(f"{page.name} leads to {link}, which is not there.", "Yesterday's is still there.")


def let_read(folder: Path) -> None:
    """Gives a site the modes that the user's umask asks for: it was built while a database kept others out."""
    mask = os.umask(0o077)
    os.umask(mask)
    for path in (folder, *folder.rglob("*")):
        path.chmod((0o777 if path.is_dir() else 0o666) & ~mask)


def swap_in(link: Path, folder: Path) -> None:
    """Lets the link name this folder, in one step; older versions go, but for the one that may still be read.

    All that was written is on disk before: the pages, and the database that the inbox was read into.
    """
    sync_all()
    before = link.resolve() if link.is_symlink() else None
    for left in link.parent.glob(f".{link.name}.*"):  # of a run that was killed
        left.unlink()
    fresh = link.with_name(f".{link.name}.{uuid4().hex[:8]}")
    fresh.symlink_to(os.path.relpath(folder, link.parent))
    fresh.replace(link)
    sync(link.parent)
    kept = {folder.resolve(), before}
    for old in versions_folder(link).iterdir():
        if old.resolve() not in kept:
            shutil.rmtree(old, ignore_errors=True)
