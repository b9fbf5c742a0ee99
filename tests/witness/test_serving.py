"""`witness serve` answers add-checkpoint as C2SP tlog-witness says."""

import base64
import threading
import urllib.error
import urllib.request
from http.server import HTTPServer

import pytest

from tests.witness.logs import NAME, OTHER_KEY, Log
from zhengxin import witness
from zhengxin.ledger import notes


@pytest.fixture
def address(renda, monkeypatch):
    """The served witness on a free port."""
    started: list[HTTPServer] = []
    ready = threading.Event()

    class Server(HTTPServer):
        def __init__(self, *args):
            super().__init__(*args)
            started.append(self)
            ready.set()

    monkeypatch.setattr(witness, "HTTPServer", Server)
    running = witness.Witness(renda.folder)
    thread = threading.Thread(target=running.do_serve, args=("127.0.0.1", "0"), daemon=True)
    thread.start()
    assert ready.wait(10)
    yield f"http://127.0.0.1:{started[0].server_address[1]}"
    started[0].shutdown()
    started[0].server_close()
    thread.join(10)


def ask(address: str, body: bytes, path: str = "/add-checkpoint") -> tuple[int, str, str]:
    """Status, content type and text of the answer."""
    request = urllib.request.Request(address + path, data=body, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read().decode()


def body(log: Log, old: int, proof: list[bytes] | None = None, note: str = "") -> bytes:
    steps = log.proof(old) if proof is None else proof
    lines = [f"old {old}", *(base64.b64encode(each).decode() for each in steps), ""]
    return "\n".join([*lines, note or log.checkpoint()]).encode()


def test_it_signs_growth(renda, address):
    for old, new in [(0, 7), (7, 8), (8, 8), (8, 300)]:
        status, _, answer = ask(address, body(Log(new), old))
        assert status == 200
        assert answer.endswith("\n")
        (signed,) = notes.cosignatures(Log(new).checkpoint() + answer, renda.verifier)
        assert signed.line == answer.removesuffix("\n")
    assert renda.sizes == [7, 8, 300]


def test_a_conflict_tells_the_size(renda, address):
    assert ask(address, body(Log(9), 0))[0] == 200
    for log, old in [(Log(20), 0), (Log(20), 5), (Log(5), 0)]:
        assert ask(address, body(log, old)) == (409, "text/x.tlog.size", "9\n")
    assert ask(address, body(Log(9, forked_at=2), 9))[0] == 409
    assert renda.sizes == [9]
    # A shorter tree and another of the same size are kept; a mere wrong guess of the size is not.
    assert len(renda.evidence) == 2


def test_the_other_refusals(renda, address):
    assert ask(address, body(Log(9), 0))[0] == 200
    forked = Log(20, forked_at=3)
    assert ask(address, body(forked, 9))[0] == 422
    assert ask(address, body(Log(20), 9, proof=[]))[0] == 422
    assert ask(address, body(Log(20), 9, proof=[*Log(20).proof(9), bytes(32)]))[0] == 422
    assert ask(address, body(Log(20, key=OTHER_KEY), 9))[0] == 403
    text = notes.checkpoint_text(notes.TreeHead("elsewhere.example", 20, Log(20).root()))
    other = notes.sign(text, NAME, Log(1).key)
    assert ask(address, body(Log(20), 9, note=other))[0] == 404
    assert ask(address, body(Log(20), 9)[4:])[0] == 400
    assert ask(address, b"old 21\n\n" + Log(20).checkpoint().encode())[0] == 400
    assert ask(address, b"old 09\n\n" + Log(20).checkpoint().encode())[0] == 400
    assert ask(address, body(Log(20), 9, proof=[bytes(32)] * 64))[0] == 400
    assert ask(address, b"")[0] == 400
    assert ask(address, b"x", path="/elsewhere")[0] == 404
    assert renda.sizes == [9]
    assert ask(address, body(Log(20), 9))[0] == 200


def test_a_first_checkpoint_takes_no_proof(renda, address):
    assert ask(address, body(Log(9), 0, proof=[bytes(32)]))[0] == 422
    assert renda.sizes == []


def test_cosignatures_of_others_are_not_passed_on(renda, address):
    note = Log(4).checkpoint() + f"— other.example {base64.b64encode(bytes(76)).decode()}\n"
    assert ask(address, body(Log(4), 0, note=note))[0] == 200
    assert "other.example" not in renda.cosigned(4)
