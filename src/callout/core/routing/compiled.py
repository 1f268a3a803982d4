"""Where compiled code is kept: a folder of ours that nobody else can write, or one for this run alone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path


def keep_in(folder: Path | None = None) -> None:
    """Let the compiler keep its work in the first folder that can be written; to be called before it is imported."""
    for each in [folder] if folder is not None else _folders():
        if _ours(each):
            os.environ["NUMBA_CACHE_DIR"] = str(each)
            return
    os.environ["NUMBA_CACHE_DIR"] = tempfile.mkdtemp(prefix="callout-routing-")


def _folders() -> Iterator[Path]:
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(chosen)
    if var := os.environ.get("CALLOUT_VAR"):
        yield Path(var) / "cache" / "routing"
    yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "callout" / "routing"


def _ours(folder: Path) -> bool:
    """Whether the folder belongs to this user, who alone may write it: code is loaded from it."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            found = folder.stat()
    except OSError:
        return False
    return found.st_uid == os.geteuid() and not found.st_mode & 0o022
