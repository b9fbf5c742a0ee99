"""Peers that accept a connection and never answer: the intake of files goes on, and the worker ends when it is told to."""

import json
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from tests.handover.cities import describe
from tests.homes import Home, new_home
from tests.journeys.test_command_line import UNIT, licences

pytestmark = pytest.mark.sqlite_story

STATES = """
from zhengxin.intake.models import Submission
answer = list(Submission.objects.order_by("id").values_list("state", flat=True))
"""


@dataclass
class Silence:
    """A peer that takes calls and says nothing."""

    port: int
    calls: list[socket.socket] = field(default_factory=list)


@contextmanager
def silent_peer() -> Iterator[Silence]:
    """Listens on loopback for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        peer = Silence(server.getsockname()[1])

        def take_calls() -> None:
            while True:
                try:
                    peer.calls.append(server.accept()[0])
                except OSError:
                    return

        taking = threading.Thread(target=take_calls, daemon=True)
        taking.start()
        try:
            yield peer
        finally:
            server.shutdown(socket.SHUT_RDWR)
            taking.join()
            for call in peer.calls:
                call.close()


def wait_for(what: Callable[[], bool], seconds: float) -> float:
    """Seconds until it was so."""
    begun = time.monotonic()
    while not what():
        assert time.monotonic() - begun < seconds, "it did not happen in time"
        time.sleep(0.1)
    return time.monotonic() - begun


def busy(home: Home) -> set[str]:
    """The errands that are under way, by the worker's sign of life."""
    told = json.loads((home.path / "run" / "worker.json").read_text(encoding="utf-8"))
    return {each["name"] for each in told["errands"] if each["busy_since"]}


def test_silent_peers_delay_no_intake_and_no_end(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    with new_home(tmp_path / "home") as made, silent_peer() as city, silent_peer() as office:
        home = made.having(ZHENGXIN_WITNESS=str(tmp_path / "renda"))
        home.run("init", "taian")
        verifier = home.run("ledger", "verifier-key").strip()
        line = home.run("witness", "init", "renda.example/zhengxin", verifier).strip()
        http = {"url": f"http://127.0.0.1:{city.port}/", "seconds": 300}
        describe(home.path / "peers", every_minutes=1, delivery={"http": http})
        block = {"office": "县人大办", "verifier": line, "channel": "http",
                 "address": f"http://127.0.0.1:{office.port}"}  # fmt: skip
        (home.path / "witnesses.yaml").write_text(
            yaml.safe_dump({"witnesses": [block]}, allow_unicode=True), encoding="utf-8"
        )
        first = licences(tmp_path / "许可.csv", 5)
        home.run("intake", first, "--source", "licences", "--unit", UNIT)
        worker = home.start("worker", log=log)
        try:
            wait_for(lambda: bool(city.calls and office.calls), 60)
            second = licences(tmp_path / "许可2.csv", 20, first=100)
            home.run("intake", second, "--source", "licences", "--unit", UNIT, "--receipt-only")
            wait_for(lambda: home.ask(STATES) == ["followed", "followed"], 20)
            wait_for(lambda: "exchange" in busy(home), 20)
            assert len(city.calls) == 1
        finally:
            worker.send_signal(signal.SIGTERM)
            ended = wait_for(lambda: worker.poll() is not None, 30)
    assert worker.returncode == 0
    assert ended < 8
    assert "exchange still waits for a peer and is broken off" in log.read_text(encoding="utf-8")
