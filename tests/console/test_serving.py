"""A port that is taken is refused: two servers on one port would answer in turn."""

import fcntl
import socket
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from zhengxin.console import counties, serving, work
from zhengxin.demo import build


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which something listens, shared as the web server shares its own."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_taken_port_is_refused_and_a_free_one_is_not(taken: int) -> None:
    with pytest.raises(serving.PortTaken, match=f"{taken}端口"):
        serving.insist_on_port("127.0.0.1", taken)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serving.insist_on_port("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(serving.PortTaken, match="没有这个地址"):
        serving.insist_on_port("192.0.2.1", 0)


@pytest.fixture
def county(settings, tmp_path, monkeypatch) -> list[str]:
    """A home in which nothing is built; the list fills when something would be."""
    settings.ZHENGXIN_HOME = tmp_path
    built: list[str] = []
    monkeypatch.setattr(counties, "ready", lambda: None)
    monkeypatch.setattr(counties, "_insist_on_home", lambda *, invented: None)
    monkeypatch.setattr(build, "build", lambda **_: built.append("county"))
    return built


def test_running_it_again_says_that_it_runs(county, taken, tmp_path) -> None:
    with (tmp_path / "worker.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert work.at_work()
        answer = CliRunner().invoke(counties.demo, ["--port", str(taken)])
    assert answer.exit_code == 0, answer.output
    assert "已经在运行" in answer.output
    assert county == []


def test_a_port_of_another_program_is_refused_before_anything_is_built(county, taken) -> None:
    answer = CliRunner().invoke(counties.demo, ["--port", str(taken)])
    assert isinstance(answer.exception, serving.PortTaken)
    assert county == []
