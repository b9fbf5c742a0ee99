"""One encrypted archive: tar, gzip, age; written and read as a stream, so that its size costs no memory."""

import gzip
import hashlib
import os
import shutil
import tarfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, cast

import pyrage
from pyrage import x25519

from zhengxin.kernel.say import say
from zhengxin.safekeeping.refusals import BackupRefused, Damaged, RestoreRefused, WrongIdentity
from zhengxin.safekeeping.types import Archive

# The last member: what the others are, and what the caller adds.
CONTENTS = "contents.json"
_PIECE = 1024 * 1024
Listing = dict[str, tuple[int, str]]


class _Counted:
    """A file to write to that keeps count, and remembers why it could not be written."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()
        self.size = 0
        self.failed: OSError | None = None

    def write(self, piece: bytes) -> int:
        try:
            self._stream.write(piece)
        except OSError as error:
            self.failed = error
            raise
        self.digest.update(piece)
        self.size += len(piece)
        return len(piece)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError as error:
            self.failed = error
            raise


class _Hashed:
    """A file to read from, with the SHA-256 of what was read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self.digest.update(piece)
        return piece


class _Aside:
    """Work done in a thread of its own; what it raised is raised where it is awaited."""

    def __init__(self, work: Callable[[], None]) -> None:
        self.error: BaseException | None = None
        self._work = work
        self._thread = threading.Thread(target=self._run, name="archive", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as error:
            self.error = error

    def join(self) -> None:
        self._thread.join()


def recipients_of(lines: Iterable[str]) -> list[x25519.Recipient]:
    """The public halves. Raises BackupRefused."""
    found = []
    for line in lines:
        try:
            found.append(x25519.Recipient.from_str(line.strip()))
        except pyrage.RecipientError:
            raise BackupRefused(
                say("没有备份：收件公钥{line}写错了。", line=line),
                say("公钥以age1开头。"),
                say("请核对backup.yaml的recipients。"),
            ) from None
    return found


def identity_of(path: Path) -> x25519.Identity:
    """The private half in a file. Raises RestoreRefused."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
        line = next(each for each in lines if each.strip() and not each.startswith("#"))
        return x25519.Identity.from_str(line.strip())
    except (OSError, UnicodeDecodeError, StopIteration, pyrage.IdentityError):
        raise RestoreRefused(
            say("没有恢复：{path}不是备份私钥文件。", path=path),
            say("私钥是一行以AGE-SECRET-KEY-1开头的文字。"),
            say("请用zhengxin backup init时写下的那个文件。"),
        ) from None


def write_archive(
    target: Path,
    members: Iterable[tuple[str, Path]],
    contents: Callable[[Listing], bytes],
    recipients: list[x25519.Recipient],
) -> Archive:
    """Pack the members (name, file) and at last what `contents` says of them; on the disk when this returns."""
    reading, writing = os.pipe()

    def pack() -> None:
        listed: Listing = {}
        with (
            os.fdopen(writing, "wb") as pipe,
            gzip.GzipFile(fileobj=pipe, mode="wb", compresslevel=1, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w|") as tar,
        ):
            for name, path in members:
                listed[name] = _add(tar, name, path)
            body = contents(listed)
            entry = tarfile.TarInfo(CONTENTS)
            entry.size = len(body)
            tar.addfile(entry, _as_file(body))

    with target.open("xb") as stream:
        target.chmod(0o600)
        counted = _Counted(stream)
        packing = _Aside(pack)
        try:
            with os.fdopen(reading, "rb") as source:
                pyrage.encrypt_io(source, cast(BinaryIO, counted), recipients)
        except Exception:
            packing.join()
            if counted.failed is not None:
                raise counted.failed from None
            raise packing.error or BackupRefused(say("没有备份：加密中断。")) from None
        packing.join()
        if packing.error is not None:
            raise packing.error
        stream.flush()
        os.fsync(stream.fileno())
    return Archive(counted.digest.hexdigest(), counted.size)


def _as_file(body: bytes) -> BinaryIO:
    import io

    return io.BytesIO(body)


def _add(tar: tarfile.TarFile, name: str, path: Path) -> tuple[int, str]:
    with path.open("rb") as stream:
        entry = tarfile.TarInfo(name)
        entry.size = os.fstat(stream.fileno()).st_size
        entry.mtime = int(path.stat().st_mtime)
        hashed = _Hashed(stream)
        tar.addfile(entry, cast(IO[bytes], hashed))
    return entry.size, hashed.digest.hexdigest()


def sha256_of(path: Path) -> Archive:
    """Digest and size of a file as it lies there."""
    with path.open("rb") as stream:
        return Archive(hashlib.file_digest(stream, "sha256").hexdigest(), path.stat().st_size)


def read_archive(
    source: Path, into: Path, identity: x25519.Identity, contents: Callable[[bytes], Listing]
) -> None:
    """Unpack into a folder; `contents` reads the last member and says what the others must be.

    Raises WrongIdentity, Damaged; what was unpacked until then is the caller's to remove.
    """
    reading, writing = os.pipe()

    def decrypt() -> None:
        with source.open("rb") as stream, os.fdopen(writing, "wb") as pipe:
            pyrage.decrypt_io(stream, pipe, [identity])

    found: Listing = {}
    listed: Listing | None = None
    decrypting = _Aside(decrypt)
    broken: Exception | None = None
    with os.fdopen(reading, "rb") as pipe:
        try:
            with gzip.GzipFile(fileobj=pipe, mode="rb") as packed:
                with tarfile.open(fileobj=packed, mode="r|") as tar:
                    for entry in tar:
                        member = tar.extractfile(entry)
                        if member is None:
                            continue
                        if entry.name == CONTENTS:
                            listed = contents(member.read())
                        else:
                            found[entry.name] = _put(cast(BinaryIO, member), into, entry.name)
                while packed.read(_PIECE):
                    pass
        except (tarfile.TarError, EOFError, gzip.BadGzipFile, ValueError) as error:
            broken = error
    decrypting.join()
    _insist_decrypted(decrypting.error, source)
    if broken is not None or listed is None or listed != found:
        raise Damaged(source.name, say("里面的文件与清单不符。"))


def _insist_decrypted(error: BaseException | None, source: Path) -> None:
    if error is None or isinstance(error, BrokenPipeError):
        return
    if isinstance(error, pyrage.DecryptError) and "No matching keys" in str(error):
        raise WrongIdentity from None
    if isinstance(error, (pyrage.DecryptError, OSError, ValueError)):
        raise Damaged(source.name, say("解密到一半停下。")) from None
    raise error


def _put(member: BinaryIO, into: Path, name: str) -> tuple[int, str]:
    """One file, which must lie within the folder."""
    place = PurePosixPath(name)
    if place.is_absolute() or ".." in place.parts:
        raise Damaged(name, say("文件名越出了文件夹。"))
    path = into / place
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    hashed = _Hashed(member)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        shutil.copyfileobj(cast(Any, hashed), stream, _PIECE)
        size = stream.tell()
    return size, hashed.digest.hexdigest()
