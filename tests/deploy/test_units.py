"""The units, the container file and the proxies' samples fit the program they start."""

import configparser
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from zhengxin.config.homes import STORE_FILES
from zhengxin.console.main import COMMANDS, main

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.joinpath("systemd").glob("*.service"))
HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "UMask": "0077",
    "StateDirectoryMode": "0700",
    "User": "zhengxin",
}
PROGRAM = "/opt/zhengxin/.venv/bin/zhengxin"


def values(unit: Path, name: str) -> list[str]:
    """Every value of a setting of a unit."""
    return re.findall(rf"(?m)^{name}=(.*)$", unit.read_text(encoding="utf-8"))


def takes(command: list[str]) -> None:
    """The program knows this command with these options."""
    assert command[0] in COMMANDS
    found = main.get_command(click.Context(main), command[0])
    within = isinstance(found, click.Group) and command[1:2] and command[1] in found.commands
    known = CliRunner().invoke(main, [*command[: 2 if within else 1], "--help"]).output
    assert [o for o in command[1:] if o.startswith("--") and o not in known] == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_hardened_and_starts_what_exists(unit: Path) -> None:
    parsed = configparser.RawConfigParser(strict=False)
    parsed.optionxform = str  # type: ignore[assignment, method-assign]
    parsed.read_string(unit.read_text(encoding="utf-8"))
    assert dict(parsed["Service"]).items() >= HARDENED.items()
    commands = values(unit, "ExecStart") + values(unit, "ExecStartPre")
    for command in commands:
        program, *arguments = command.split()
        assert program == PROGRAM
        takes(arguments)


def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    """Where systemd is installed; elsewhere the reading above has to do."""
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace(PROGRAM, sys.executable)
        (tmp_path / unit.name).write_text(
            text.replace("/opt/zhengxin", str(ROOT)), encoding="utf-8"
        )
    if shutil.which("systemd-analyze"):
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        told = [line for line in done.stderr.splitlines() if "zhengxin" in line]
        assert (done.returncode, told) == (0, [])
    assert len(list(tmp_path.iterdir())) == 5


def test_the_portal_alone_cannot_reach_what_is_not_public() -> None:
    hidden = " ".join(values(DEPLOY / "systemd" / "zhengxin-portal.service", "InaccessiblePaths"))
    private = {name for alias, name in STORE_FILES.items() if alias != "board"}
    folders = {"keys", "submissions", "papers", "safekeeping", "exchange", "arriving", "peers"}
    for name in {*folders, "channels.yaml", "witnesses.yaml", *private}:
        assert f"-/var/lib/zhengxin/{name}" in hidden.split()
    for name in private:
        assert f"-/var/lib/zhengxin/{name}-wal" in hidden.split()
    assert STORE_FILES["board"] not in hidden
    [unset] = values(DEPLOY / "systemd" / "zhengxin-portal.service", "UnsetEnvironment")
    assert {"ZHENGXIN_KEYS_URL", "ZHENGXIN_KEY_PROVIDER", "ZHENGXIN_MASTER_KEY"} == set(
        unset.split()
    )


def test_the_container_runs_as_nobody_in_particular_and_keeps_data_in_a_volume() -> None:
    lines = DEPLOY.joinpath("Containerfile").read_text(encoding="utf-8").splitlines()
    told = dict(
        line.split(" ", 1) for line in lines if re.match(r"[A-Z]+ ", line) and "COPY" not in line
    )
    assert re.fullmatch(r"python:3\.\d+-slim", told["FROM"])
    assert told["USER"] == "zhengxin"
    assert told["VOLUME"] == "/var/lib/zhengxin"
    assert "ZHENGXIN_HOME=/var/lib/zhengxin" in told["ENV"]
    assert lines.index("USER zhengxin") > max(
        n for n, line in enumerate(lines) if line.startswith("RUN")
    )
    takes(json.loads(told["CMD"]))
    assert len(lines) < 35
    assert not re.search(r"https?://(?!127)", "\n".join(lines))
    for name in re.findall(r"COPY (requirements/\S+)", "\n".join(lines)):
        assert ROOT.joinpath(name).is_file()
    ignored = ROOT.joinpath(".containerignore").read_text(encoding="utf-8").split()
    assert {".git", "var", ".venv"} <= set(ignored)


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_a_proxy_says_who_came_by_which_scheme_and_writes_no_addresses(name: str) -> None:
    text = DEPLOY.joinpath(name).read_text(encoding="utf-8")
    assert text.count("{") == text.count("}")
    for header in ("X-Forwarded-For", "X-Forwarded-Proto", "X-Request-ID"):
        assert header in text
    assert "$proxy_add_x_forwarded_for" not in text
    assert "127.0.0.1:8000" in text
    assert re.search(r"/metrics.*404", text)
    assert "access_log off" in text or "output discard" in text
