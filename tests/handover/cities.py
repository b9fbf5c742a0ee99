"""A small city on loopback: it takes dispatches over HTTP or SFTP, fails, hangs, loses its answer, answers late or twice."""

import asyncio
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import asyncssh
import yaml


@dataclass
class City:
    """What the city has taken, what it will answer next, and its return files by name.

    mood: "well"; "down" (503); "hang"; "lost" (takes the dispatch and drops the connection);
    "refuses" (422); "confused" (409 with another digest).
    """

    url: str = ""
    mood: str = "well"
    # Number to files, and number to digest.
    taken: dict[str, dict[str, bytes]] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    returns: dict[str, bytes] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)
    patience: float = 3.0

    def manifest(self, number: str) -> dict[str, object]:
        """The manifest of a dispatch it took."""
        found = json.loads(self.taken[number][f"{number}.manifest.json"])
        assert isinstance(found, dict)
        return found


def _parts(kind: str, body: bytes) -> dict[str, bytes]:
    """The files of a multipart body by name."""
    whole = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body
    )
    return {
        str(part.get_filename()): part.get_payload(decode=True) or b""  # type: ignore[misc]
        for part in whole.iter_parts()
    }


def _handler(city: City) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing on the test's output."""

        def _say(self, status: int, content: bytes = b"") -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            number, digest = self.headers["Idempotency-Key"].split(":")
            city.asked.append(number)
            city.tokens.append(self.headers.get("Authorization", ""))
            if city.mood == "down":
                return self._say(503)
            if city.mood == "refuses":
                return self._say(422, "模板版本不符".encode())
            if city.mood == "confused":
                return self._say(409, b'{"digest": "0000"}')
            if city.mood == "hang":
                time.sleep(city.patience)
                return self._say(504)
            if number in city.digests:
                return self._say(409, json.dumps({"digest": city.digests[number]}).encode())
            city.taken[number] = _parts(self.headers["Content-Type"], body)
            city.digests[number] = digest
            if city.mood == "lost":
                # Taken, and the answer never comes.
                self.connection.close()
                return None
            return self._say(201)

        def do_GET(self) -> None:
            if city.mood == "down":
                return self._say(503)
            name = self.path.removeprefix("/").partition("/")[2]
            if not name:
                return self._say(200, json.dumps(sorted(city.returns)).encode())
            if name not in city.returns:
                return self._say(404)
            return self._say(200, city.returns[name])

    return Handler


@contextmanager
def city_on_http() -> Iterator[City]:
    """A city that listens at `city.url`."""
    city = City()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(city))
    server.daemon_threads = True
    city.url = f"http://127.0.0.1:{server.server_port}/box"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield city
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Host:
    """An SFTP server: its port, the line of its host key, where its files lie, and the client's key file."""

    port: int
    host_key: str
    folder: Path
    key_file: Path


@contextmanager
def city_on_sftp(folder: Path) -> Iterator[Host]:
    """A city with an SFTP server whose root is `folder`/root; it knows the client's key only."""
    root = folder / "root"
    root.mkdir()
    host_key, client_key = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    key_file = folder / "client.key"
    key_file.write_bytes(client_key.export_private_key())
    key_file.chmod(0o600)
    authorised = asyncssh.import_authorized_keys(client_key.export_public_key().decode())
    ready, loop = threading.Event(), asyncio.new_event_loop()
    ports: list[int] = []

    async def listen() -> asyncssh.SSHAcceptor:
        server = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[host_key],
            authorized_client_keys=authorised,
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(root).encode()),
        )
        ports.append(server.get_port())
        ready.set()
        return server

    def run() -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(listen())
        loop.run_forever()
        server.close()
        loop.run_until_complete(server.wait_closed())
        # Connections that are closing have a last word.
        loop.run_until_complete(asyncio.sleep(0.1))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield Host(ports[0], host_key.export_public_key().decode().strip(), root, key_file)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


def describe(folder: Path, code: str = "city", **changes: object) -> Path:
    """Writes peers/<code>.yaml with a drop folder and CSV, and the given changes."""
    folder.mkdir(parents=True, exist_ok=True)
    text: dict[str, object] = {
        "title": "示例市信用平台",
        "sources": ["licences", "penalties"],
        "form": "csv",
        "delivery": {"drop": {"folder": "exchange/out"}},
        "answers": {"drop": {"folder": "exchange/answers"}},
    }
    path = folder / f"{code}.yaml"
    path.write_text(yaml.safe_dump({**text, **changes}, allow_unicode=True), encoding="utf-8")
    return path


def return_file(*rows: tuple[object, ...], header: str = "批次号,文件,行号,结果,原因") -> bytes:
    """A CSV return file."""
    lines = [header, *(",".join(map(str, row)) for row in rows)]
    return "\n".join(lines).encode()


def number_in(text: str) -> str:
    """The first dispatch number in a printed text."""
    found = re.search(r"[a-z]+-\d{4}-\d{6}", text)
    assert found, text
    return found[0]
