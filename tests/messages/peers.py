"""A mail server and an HTTP gateway on loopback that take, refuse, fail, stay silent or answer twice."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Peer:
    """Where it listens, what it got, and how it answers from now on."""

    port: int = 0
    got: list[Any] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    # HTTP: status and body. SMTP: code of the answer to RCPT, and to the greeting.
    status: int = 200
    body: str = "{}"
    recipient: int = 250
    greeting: int = 220


@contextmanager
def gateway() -> Iterator[Peer]:
    """An HTTP gateway that keeps the JSON it is sent."""
    peer = Peer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            peer.got.append(json.loads(body))
            peer.headers.append(dict(self.headers.items()))
            self.send_response(peer.status)
            self.send_header("Content-Length", str(len(peer.body)))
            self.end_headers()
            self.wfile.write(peer.body.encode())

        def log_message(self, *_: Any) -> None:
            """Nothing on the test's output."""

    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler), peer):
        yield peer


@contextmanager
def mail_server() -> Iterator[Peer]:
    """A mail server that keeps the letters it is sent."""
    peer = Peer()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

        def handle(self) -> None:
            self.say(f"{peer.greeting} here")
            while line := self.rfile.readline():
                verb = line[:4].upper().strip()
                if verb == b"RCPT":
                    self.say(f"{peer.recipient} recipient")
                elif verb == b"DATA":
                    self.say("354 go on")
                    letter = b""
                    while (part := self.rfile.readline()) != b".\r\n":
                        letter += part
                    peer.got.append(letter.decode())
                    self.say("250 taken")
                elif verb == b"QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 well")

    with _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler), peer):
        yield peer


@contextmanager
def _serving(server: socketserver.TCPServer, peer: Peer) -> Iterator[None]:
    peer.port = int(server.server_address[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
