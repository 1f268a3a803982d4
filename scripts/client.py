"""Types of the API's client, from the description that the code gives: `write` makes them, `check` compares them.

Needs neither server nor database, only the islands' packages.
"""

import difflib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ISLANDS = ROOT / "islands"
CLIENT = ISLANDS / "shared" / "api" / "schema.d.ts"


def described() -> dict[str, Any]:
    """The OpenAPI description, with paths as they follow the API's own."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"CALLOUT_VAR": folder, "DJANGO_SETTINGS_MODULE": "callout.settings"}
        import django

        django.setup()
        from callout.site.api import api

        return _untitled(json.loads(json.dumps(api.get_openapi_schema(path_prefix=""))))


def _untitled(part: Any) -> Any:
    """Without the titles that are the fields' names once more."""
    if isinstance(part, list):
        return [_untitled(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        name: value if name == "info" else _untitled(value)
        for name, value in part.items()
        if name != "title" or not isinstance(value, str)
    }


def generated() -> str:
    """The client's types."""
    done = subprocess.run(
        ["npm", "run", "--silent", "client"],
        cwd=ISLANDS, input=json.dumps(described()), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return done.stdout.rstrip() + "\n"


def check() -> None:
    """Exit with status 1 when the committed types are not those of the code."""
    kept = CLIENT.read_text() if CLIENT.exists() else ""
    difference = list(difflib.unified_diff(kept.splitlines(), generated().splitlines(), "kept", "of the code", n=1))
    if difference:
        print("\n".join(difference[:60]))
        sys.exit(f"{CLIENT.relative_to(ROOT)} is not what the API gives: run `make client`.")


def main() -> None:
    """Run `write` or `check`."""
    if sys.argv[1:] == ["write"]:
        CLIENT.write_text(generated())
    elif sys.argv[1:] == ["check"]:
        check()
    else:
        sys.exit("usage: client.py write|check")


if __name__ == "__main__":
    main()
