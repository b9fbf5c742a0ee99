"""Serving pages, and the worker that finishes what pages began."""

import errno
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from zhengxin.config.homes import home
from zhengxin.config.logs import logging_settings, write_uncaught
from zhengxin.console.people import site, tell_first_link
from zhengxin.console.ready import now, ready
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.operations.beats import run_folder


class PortTaken(Refused):
    """Another program listens there; two servers on one port would answer in turn."""


def insist_on_port(host: str, port: int) -> None:
    """Refuses before anything is built when something already listens there. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise PortTaken(
                say("没有启动：不能使用{host}的{port}端口。", host=host, port=port),
                say("端口已有程序在用（也许政信已经在运行），或者不允许使用。")
                if error.errno in (errno.EADDRINUSE, errno.EACCES)
                else say("本机没有这个地址。"),
                say(
                    "请先打开 http://{host}:{port}/ 看看；要另开一个，用 --port 换一个端口。",
                    host=host,
                    port=port,
                ),
            ) from error


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--portal", is_flag=True, help="只开公开站：不读账号、密钥和主库。")
@click.option("--workers", default=2, show_default=True)
@click.option("--no-worker", is_flag=True, help="不启动后台办理：它另由zhengxin worker运行。")
def serve(host: str, port: int, portal: bool, workers: int, no_worker: bool) -> None:
    """启动网站；完整模式同时启动后台办理进程。"""
    insist_on_port(host, port)
    environment = dict(os.environ)
    children: list[subprocess.Popen[bytes]] = []
    if portal:
        environment["DJANGO_SETTINGS_MODULE"] = "zhengxin.config.portal_settings"
        for name in ("ZHENGXIN_KEYS_URL", "ZHENGXIN_KEY_PROVIDER", "ZHENGXIN_MASTER_KEY"):
            environment.pop(name, None)
        if environment.get("ZHENGXIN_BOARD_URL"):
            # With an address of its own for the board, the portal need not know the main store's.
            environment.pop("DATABASE_URL", None)
    else:
        ready()
        if not no_worker:
            children.append(subprocess.Popen([sys.executable, "-m", "zhengxin", "worker"]))
    place = run_folder(home())
    name = "serving-portal" if portal else "serving"
    environment["PROMETHEUS_MULTIPROC_DIR"] = str(_fresh(place / f"{name}-counts"))
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "4", "--log-level", "warning",
        "--log-config", str(_log_config(place)), "--no-ws", "zhengxin.config.wsgi:application",
    ]  # fmt: skip
    children.append(subprocess.Popen(command, env=environment))
    click.echo(f"政信已启动：http://{host}:{port}/ （按 Ctrl+C 停止）")
    if not portal:
        click.echo(f"工作台：http://{host}:{port}/desk/")
        tell_first_link(site(host, port))
    sys.stdout.flush()
    with _noted(place / f"{name}.json", host, port):
        _until_one_ends(children)


def _fresh(folder: Path) -> Path:
    """An empty folder: counts of an earlier start are not added to this one's."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


def _log_config(place: Path) -> Path:
    """The web server's own lines in the form of all others."""
    file = place / "server-log.json"
    file.write_text(json.dumps(logging_settings(os.environ.get("ZHENGXIN_LOG", "text"))))
    return file


@contextmanager
def _noted(note: Path, host: str, port: int) -> Iterator[None]:
    """While the server runs, a note says where: the doctor asks there. After a crash the note stays, on purpose."""
    note.write_text(json.dumps({"host": host, "port": port}))
    yield
    note.unlink(missing_ok=True)


def _until_one_ends(children: list[subprocess.Popen[bytes]]) -> None:
    """Waits; when one child ends or we are told to stop, all stop."""

    def stop(signum: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
    except KeyboardInterrupt:
        pass
    finally:
        for child in children:
            if child.poll() is None:
                child.terminate()
        for child in children:
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()


@click.command()
@click.option("--once", is_flag=True, help="办完手头的就退出。")
def worker(once: bool) -> None:
    """后台办理：接着办没办完的报送，按日公示。"""
    ready()
    write_uncaught()
    from zhengxin.console.work import work, wrap_bare_secrets

    wrap_bare_secrets(clock=now)
    work(once=once, clock=now)
