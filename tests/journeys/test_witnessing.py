"""A supervisor watches the register through the doors: command line, mirror over HTTP, exchange folder."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import yaml

from tests.homes import Home, new_home
from tests.journeys.test_command_line import UNIT, licences

pytestmark = pytest.mark.sqlite_story


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("witnessed")
    with new_home(folder) as made:
        environment = {**made.environment, "ZHENGXIN_WITNESS": str(folder / "renda")}
        made = replace(made, environment=environment)
        made.run("init", "taian")
        path = licences(folder / "许可.csv", 20)
        made.run("intake", path, "--source", "licences", "--unit", UNIT)
        yield made


@pytest.fixture(scope="module")
def size(home: Home) -> int:
    home.run("publish-due")
    return int((home.path / "mirror" / "checkpoint").read_text(encoding="utf-8").split("\n")[1])


def test_the_whole_way(home: Home, size: int) -> None:
    assert "还没有登记见证人" in home.run("witnesses", "status")
    verifier = home.run("ledger", "verifier-key").strip()
    line = home.run("witness", "init", "renda.example/zhengxin", verifier).strip()
    with home.serving("--portal") as address:
        assert f"{size}条" in home.run("witness", "check", f"{address}/log", "--all")
    block = {"office": "县人大办", "verifier": line, "channel": "file", "address": "exchange"}
    (home.path / "witnesses.yaml").write_text(
        yaml.safe_dump({"witnesses": [block]}, allow_unicode=True), encoding="utf-8"
    )
    assert "还没有见证过" in home.run("witnesses", "status")
    signed = home.path / "renda" / "cosigned" / f"{size}.txt"
    assert "新的见证签名1个" in home.run("witnesses", "receive", signed)
    assert "以前收过" in home.run("witnesses", "receive", signed)
    assert "县人大办：已送出" in home.run("witnesses", "send")
    sent = home.path / "exchange" / f"checkpoint-{size}.txt"
    assert sent.read_text(encoding="utf-8").startswith(f"old {size}\n")
    assert f"{size}条" in home.run("witness", "check", sent)
    status = home.run("witnesses", "status")
    assert f"见证正常，见过到第{size}条" in status
    assert "最近送到" in status
    assert "— renda.example/zhengxin " in (home.path / "mirror" / "checkpoint").read_text("utf-8")


def test_a_failed_sending_ends_in_failure(home: Home, size: int) -> None:
    verifier = yaml.safe_load((home.path / "witnesses.yaml").read_text(encoding="utf-8"))
    verifier["witnesses"][0] |= {"channel": "http", "address": "http://127.0.0.1:9"}
    (home.path / "witnesses.yaml").write_text(yaml.safe_dump(verifier), encoding="utf-8")
    home.run("witnesses", "send", fails=True)
    assert "没有送到" in home.run("witnesses", "status")


def test_a_wrong_list_is_told_and_the_mirror_written_all_the_same(home: Home, size: int) -> None:
    (home.path / "witnesses.yaml").write_text("witnesses: 3", encoding="utf-8")
    path = licences(home.path / "许可2.csv", 5, first=100)
    home.run("intake", path, "--source", "licences", "--unit", UNIT)
    assert "witnesses.yaml 不能使用" in home.run("publish-due", fails=True)
    mirrored = (home.path / "mirror" / "checkpoint").read_text(encoding="utf-8")
    assert int(mirrored.split("\n")[1]) > size
