"""What ZHENGXIN_HOME/backup.yaml says."""

from pathlib import Path
from typing import Any

import yaml

from zhengxin.kernel.say import say
from zhengxin.safekeeping.refusals import BackupRefused
from zhengxin.safekeeping.types import Keep, Rules

FILE = "backup.yaml"
_KNOWN = {"recipients", "folder", "keys_folder", "keep"}


def read_rules(home: Path) -> Rules:
    """How backups of this home are kept; without a file: nothing but the defaults. Raises BackupRefused."""
    path = home / FILE
    try:
        found: Any = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
        found = found or {}
        if set(found) - _KNOWN:
            raise ValueError
        return Rules(
            recipients=tuple(str(each) for each in found.get("recipients", ())),
            folder=_path(found.get("folder")),
            keys_folder=_path(found.get("keys_folder")),
            keep=Keep(**{name: int(n) for name, n in found.get("keep", {}).items()}),
        )
    except (yaml.YAMLError, ValueError, TypeError, AttributeError):
        raise BackupRefused(
            say("没有办理：{path}写错了。", path=path),
            say("可以写的有：recipients、folder、keys_folder、keep（daily、weekly、monthly）。"),
            say("请照docs/how-to/backup.md的例子改。"),
        ) from None


def add_recipient(home: Path, recipient: str) -> Path:
    """Another identity opens backups from now on. Returns the file."""
    path = home / FILE
    found = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None
    rules = dict(found or {})
    rules["recipients"] = [*rules.get("recipients", []), recipient]
    fresh = path.with_name(f".{FILE}")
    fresh.write_text(yaml.safe_dump(rules, allow_unicode=True, sort_keys=False), encoding="utf-8")
    fresh.chmod(0o600)
    fresh.replace(path)
    return path


def _path(value: object) -> Path | None:
    return Path(str(value)) if value else None
