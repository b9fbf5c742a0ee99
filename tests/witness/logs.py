"""A log that can be honest or not, its mirror in memory, and a loopback server that may misbehave."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from zhengxin.kernel import merkle
from zhengxin.ledger import notes
from zhengxin.publication.board.tiles import tile_path

NAME = "log.example/register"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
VERIFIER = notes.verifier_key(NAME, KEY.public_key().public_bytes_raw())


@dataclass
class Log:
    """Leaves 0..size-1; from `forked_at` on they are others than the honest ones."""

    size: int
    forked_at: int | None = None
    key: Ed25519PrivateKey = KEY
    name: str = NAME
    leaves: list[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.leaves = [merkle.leaf_hash(self._content(n)) for n in range(self.size)]

    def _content(self, n: int) -> bytes:
        forked = self.forked_at is not None and n >= self.forked_at
        return f"{'other' if forked else 'entry'} {n}".encode()

    def root(self) -> bytes:
        return merkle.grow(0, (), b"".join(self.leaves)).root

    def checkpoint(self) -> str:
        text = notes.checkpoint_text(notes.TreeHead(self.name, self.size, self.root()))
        return notes.sign(text, self.name, self.key)

    def proof(self, old: int) -> list[bytes]:
        def subtree(height: int, index: int) -> bytes:
            return merkle.fold(b"".join(self.leaves[index << height : (index + 1) << height]))

        ranges = merkle.consistency_ranges(old, self.size) if old else []
        return [merkle.range_root(lo, hi, subtree) for lo, hi in ranges]

    def files(self) -> dict[str, bytes]:
        """The whole mirror."""
        found = {"checkpoint": self.checkpoint().encode()}
        level, hashes = 0, self.leaves
        while hashes:
            for start in range(0, len(hashes), 256):
                some = hashes[start : start + 256]
                found[tile_path(level, start // 256, len(some))] = b"".join(some)
            full = range(0, len(hashes) - 255, 256)
            hashes = [merkle.fold(b"".join(hashes[i : i + 256])) for i in full]
            level += 1
        return found


@dataclass
class Site:
    """What the server answers. drip: seconds between single bytes; address: where it listens."""

    address: str
    files: dict[str, bytes]
    drip: float = 0
    asked: list[str] = field(default_factory=list)


@contextmanager
def site(log: Log) -> Iterator[Site]:
    """A real HTTP server on loopback that serves what `files` holds at the moment."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/log/")
            served.asked.append(name)
            content = served.files.get(name)
            self.send_response(404 if content is None else 200)
            self.end_headers()
            if not served.drip:
                self.wfile.write(content or b"")
                return
            for byte in content or b"":
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(served.drip)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

        def handle(self) -> None:
            try:
                super().handle()
            except (BrokenPipeError, ConnectionResetError):
                """The witness hung up on us, as it should."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.daemon_threads = True
    served = Site(f"http://127.0.0.1:{server.server_address[1]}/log", log.files())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
