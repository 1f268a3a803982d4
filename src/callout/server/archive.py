"""The one file of a backup: a compressed tar of the parts, closed by a manifest with the checksum of each.

A file that was cut short has no manifest, so it never looks whole.
"""

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from callout.server.errors import ServerProblem

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database.dump"
SECRET = "secret_key"  # noqa: S105 - the name of a part
MEDIA = "media"
_CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup is of: `created` in ISO 8601 with its offset, `parts` the SHA-256 of each by name."""

    format: int
    version: str
    created: str
    server: int
    system: str
    migrations: list[list[str]]
    parts: dict[str, str] = field(default_factory=dict)


class Writer:
    """Adds parts to a new archive."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._parts: dict[str, str] = {}

    def add(self, name: str, file: Path) -> None:
        """Add `file` as part `name`; one that was removed in the meantime is left out."""
        try:
            source = file.open("rb")
        except FileNotFoundError:
            return
        with source:
            member = tarfile.TarInfo(name)
            member.size = os.fstat(source.fileno()).st_size
            member.mode = 0o600
            reader = _Hashing(source)
            self._tar.addfile(member, reader)
        self._parts[name] = reader.digest.hexdigest()

    def close(self, manifest: Manifest) -> Manifest:
        """Write the manifest, by which the archive is whole; with the parts filled in."""
        full = Manifest(**(asdict(manifest) | {"parts": self._parts}))
        text = json.dumps(asdict(full), indent=1).encode()
        member = tarfile.TarInfo(MANIFEST)
        member.size = len(text)
        member.mode = 0o600
        self._tar.addfile(member, io.BytesIO(text))
        return full


class _Hashing(io.RawIOBase):
    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self._source.read(size)
        self.digest.update(block)
        return block


@contextmanager
def writing(file: Path) -> Iterator[Writer]:
    """A new archive that becomes `file` when the block ends well; before that it is a hidden file beside it."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=1, format=tarfile.PAX_FORMAT) as tar:
                yield Writer(tar)
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def extract(file: Path, folder: Path) -> Manifest:
    """Unpack a backup into the empty `folder` and check every byte of it. Raises ServerProblem when it is damaged."""
    found: dict[str, str] = {}
    manifest: Manifest | None = None
    try:
        with tarfile.open(file, mode="r|gz") as tar:
            for member in tar:
                if manifest is not None or member.name in found:
                    raise _damaged(file, f"unexpected part {member.name!r}")
                source = tar.extractfile(member) if _acceptable(member) else None
                if source is None:
                    raise _damaged(file, f"a part that no backup has: {member.name!r}")
                if member.name == MANIFEST:
                    manifest = _manifest(file, source.read(_CHUNK * 256))
                else:
                    found[member.name] = _unpack(source, folder / member.name)
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise _damaged(file, str(error)) from error
    if manifest is None:
        raise _damaged(file, "its end is missing")
    if found != manifest.parts or DATABASE not in found:
        raise _damaged(file, "the checksums do not agree")
    return manifest


def _acceptable(member: tarfile.TarInfo) -> bool:
    """Only regular files of the names that we write, none of which leaves the folder."""
    parts = PurePosixPath(member.name).parts
    inside = member.name == "/".join(parts) and ".." not in parts and "\0" not in member.name
    known = member.name in (MANIFEST, DATABASE, SECRET) or (len(parts) > 1 and parts[0] == MEDIA)
    return member.isreg() and not member.issparse() and inside and known


def _unpack(source: IO[bytes], target: Path) -> str:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while block := source.read(_CHUNK):
            digest.update(block)
            out.write(block)
    return digest.hexdigest()


def _manifest(file: Path, text: bytes) -> Manifest:
    try:
        values = json.loads(text)
        if values["format"] > FORMAT:
            raise ServerProblem(
                f"{file} was written by a newer Callout ({values['version']}).", "Update Callout, then restore it."
            )
        return Manifest(**values)
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(file, "its manifest cannot be read") from error


def _damaged(file: Path, why: str) -> ServerProblem:
    return ServerProblem(f"{file} is damaged or no backup of Callout: {why}.", "Nothing was changed.")
