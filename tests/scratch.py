"""A data folder that ends with the run, named before the settings are read: the checkout's may be somebody's own."""

import os
import tempfile

import pytest

_folder = tempfile.TemporaryDirectory(prefix="callout-tests-")
os.environ["CALLOUT_VAR"] = _folder.name


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Remove the folder."""
    _folder.cleanup()
