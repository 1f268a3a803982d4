"""Compile the translations that changed; run as a module before tests, and by `callout up`."""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def outdated(package: Path = PACKAGE) -> list[Path]:
    """The catalogues whose compiled file is missing or older."""
    found = sorted(package.glob("locale/*/LC_MESSAGES/*.po"))
    return [po for po in found if not _compiled(po).exists() or _compiled(po).stat().st_mtime < po.stat().st_mtime]


def compile_messages(catalogues: list[Path]) -> None:
    """Write the compiled file beside each catalogue, whole or not at all. A broken catalogue raises ValueError."""
    from babel.messages.mofile import write_mo  # here, since a start that has nothing to compile need not load it
    from babel.messages.pofile import PoFileError, read_po

    for po in catalogues:
        draft = po.with_suffix(f".mo.{os.getpid()}")  # another copy may be compiling the same one
        try:
            with po.open("rb") as source, draft.open("wb") as target:
                write_mo(target, read_po(source, locale=po.parts[-3], abort_invalid=True))
        except PoFileError as error:
            draft.unlink()
            raise ValueError(f"{po}: {error}") from error
        draft.replace(_compiled(po))


def _compiled(po: Path) -> Path:
    return po.with_suffix(".mo")


if __name__ == "__main__":
    compile_messages(outdated())
