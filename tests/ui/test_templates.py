"""What holds for every template of the project: icons that exist, no inline style or script, words for translation."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "callout"
PAGES = sorted(
    path
    for path in SOURCE.rglob("templates/**/*.html")
    if "pdf" not in path.name and "pdf" not in path.parts and "letter" not in path.name
)
ICON = re.compile(r"""{%\s*icon\s+["']([a-z0-9-]+)["']""")
ENTRY_ICON = re.compile(r"""\bicon=["']([a-z0-9-]+)["']""")
FORBIDDEN = re.compile(r"<style|\sstyle=|\son(?:click|change|input|submit|load|keydown|error)=|<script(?![^>]*\ssrc=)")


def test_every_icon_is_in_the_sprite():
    sprite = set(json.loads((ROOT / "islands" / "icons.json").read_text()))
    used = {name for path in SOURCE.rglob("*.html") for name in ICON.findall(path.read_text())}
    used |= {name for path in SOURCE.rglob("*.py") for name in ENTRY_ICON.findall(path.read_text())}
    assert used - sprite == set()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_template_holds_what_the_policy_forbids(path):
    assert FORBIDDEN.findall(path.read_text()) == []
