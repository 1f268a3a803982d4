"""Data folders for servers of a test's own."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def place() -> Iterator[Path]:
    """An empty folder that every user can pass through, which pytest's own temporary folders do not allow."""
    folder = Path(tempfile.mkdtemp(prefix="callout-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def var(place: Path) -> Path:
    """A data folder that does not exist yet."""
    return place / "var"
