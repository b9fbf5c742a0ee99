"""Looking for words and bytes in every file of a home, whatever they are packed in."""

import base64
import gzip
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from zhengxin.lake.queries import rows
from zhengxin.lake.sql import parquet


def written(words: str) -> set[bytes]:
    """The bytes by which a text may stand in a file."""
    return {
        words.encode(),
        words.encode("utf-16-le"),
        words.encode("utf-16-be"),
        words.encode("gb18030"),
        json.dumps(words).strip('"').encode(),
    }


def written_bytes(secret: bytes) -> set[bytes]:
    """The bytes by which a key may stand in a file."""
    coded = base64.b64encode(secret).rstrip(b"=")
    # Within a longer text, base64 begins at any of three places.
    shifted = {base64.b64encode(b"\0" * n + secret)[4:-4] for n in (1, 2)}
    return {secret, secret.hex().encode(), secret.hex().upper().encode(), coded, *shifted}


def unpacked(path: Path) -> Iterator[bytes]:
    """The bytes of a file, and those within: members of an archive, what was compressed, the rows of a table."""
    body = path.read_bytes()
    yield body
    if body[:2] == b"PK" and zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    if body[:2] == b"\x1f\x8b":
        yield gzip.decompress(body)
    if body[:4] == b"PAR1":
        yield from (
            str(batch).encode() for batch in rows(f"SELECT * FROM {parquet(path)}", size=500)
        )


def found_in(folder: Path, wanted: dict[str, set[bytes]]) -> set[tuple[str, str]]:
    """(what, file) wherever one of the wanted forms stands under `folder`."""
    found = set()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        for body in unpacked(path):
            for what, forms in wanted.items():
                if any(form in body for form in forms):
                    found.add((what, str(path.relative_to(folder))))
    return found


def database_files(url: str) -> Path:
    """Where the server keeps the tables of this database, everything written out."""
    parts = urlsplit(url)
    with psycopg.connect(urlunsplit(parts), autocommit=True) as server:
        server.execute("CHECKPOINT")
        row = server.execute(
            "SELECT current_setting('data_directory'), oid FROM pg_database "
            "WHERE datname = current_database()"
        ).fetchone()
    assert row is not None
    return Path(row[0]) / "base" / str(row[1])


def kinds(found: Iterable[tuple[str, str]]) -> set[str]:
    """What was found, wherever."""
    return {what for what, _ in found}
