"""The command `zhengxin`. Subcommands load what they need when they run."""

import importlib
import os
import sys
from contextlib import suppress
from typing import Any

import click

from zhengxin.console.chinese import named, speak_chinese
from zhengxin.kernel.disks import DiskFull, is_full
from zhengxin.kernel.refused import Refused

speak_chinese()

COMMANDS = {
    "serve": "serving",
    "worker": "serving",
    "demo": "counties",
    "init": "counties",
    "intake": "files",
    "withdraw": "files",
    "workdays": "days",
    "plan": "plans",
    "inspection": "inspections",
    "rectification": "rectifying",
    "issue": "rectifying",
    "objection": "objections",
    "repair": "repair",
    "appeal": "appeals",
    "returns": "returns",
    "proposals": "proposals",
    "duties": "duties",
    "window": "windows",
    "standing": "windows",
    "measures": "measures",
    "rehearse": "rehearsing",
    "sanction": "sanctions",
    "law": "sanctions",
    "ledger": "ledgers",
    "audit": "audits",
    "publish-due": "boards",
    "rebuild": "boards",
    "exchange": "exchanging",
    "account": "people",
    "keys": "keys",
    "witness": "witnessing",
    "witnesses": "witnessing",
    "migrate": "stores",
    "backup": "backups",
    "restore": "backups",
    "settle-restored": "backups",
    "upgrade": "upgrades",
    "rehearse-upgrade": "upgrades",
    "doctor": "doctor",
    "bench": "benches",
}


class Lazy(click.Group):
    """Imports the module of a subcommand only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"zhengxin.console.{COMMANDS[name]}")
        command: click.Command = getattr(module, name.replace("-", "_"))
        return named(command)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refused as refusal:
            _log(ctx.invoked_subcommand or "", refusal)
            click.echo(str(refusal), err=True)
            sys.exit(1)
        except Exception as error:
            if not is_full(error):
                raise
            click.echo(str(DiskFull()), err=True)
            sys.exit(1)


def _log(command: str, refusal: Refused) -> None:
    """A refusal at the shell is an act too, wherever there is a log to write it into."""
    from django.apps import apps
    from django.db import DatabaseError

    if not apps.ready:
        return
    from zhengxin import journey
    from zhengxin.console.ready import at_shell, half_restored, now

    if half_restored():
        return

    with suppress(DatabaseError):
        journey.record_refusal(
            act="command.refuse",
            object_kind="command",
            object_id=command,
            refusal=refusal,
            at=now(),
            actor=at_shell(),
        )


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """政信 Zhengxin：县级政务诚信平台。"""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengxin.config.settings")


named(main)
