"""Reads ZHENGXIN_HOME/witnesses.yaml: who is sent the checkpoints, and by which road."""

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import gettext as _

from zhengxin.kernel.refused import Refused
from zhengxin.ledger.notes import NoteWrong, cosigner_name
from zhengxin.witnesses.enums import Channel
from zhengxin.witnesses.types import Witness

_KEYS = {"office", "verifier", "channel", "address", "silent_after"}
_SILENT_AFTER = 7


class WitnessesUnreadable(Refused):
    """witnesses.yaml says something that cannot be used."""

    def __init__(self, why: str) -> None:
        super().__init__(
            _("见证人名单 witnesses.yaml 不能使用。"), why, _("请按“见证人”说明改正后重试。")
        )


def read_witnesses() -> list[Witness]:
    """The configured witnesses in the order of the file; none without a file. Raises WitnessesUnreadable."""
    path = Path(settings.WITNESSES_FILE)
    if not path.exists():
        return []
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise WitnessesUnreadable(_("不是YAML：{error}。").format(error=error)) from error
    blocks = content.get("witnesses") if isinstance(content, dict) else None
    if not isinstance(blocks, list):
        raise WitnessesUnreadable(_("开头应为“witnesses:”，下面一人一段。"))
    found = [_witness(place, block) for place, block in enumerate(blocks, start=1)]
    names = [each.name for each in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise WitnessesUnreadable(_("{names}写了两次。").format(names="、".join(sorted(twice))))
    return found


def _witness(place: int, block: Any) -> Witness:
    if not isinstance(block, dict) or not _KEYS - {"silent_after"} <= set(block) <= _KEYS:
        raise WitnessesUnreadable(
            _("第{place}段应有office、verifier、channel、address，可有silent_after。").format(
                place=place
            )
        )
    silent_after = block.get("silent_after", _SILENT_AFTER)
    if block["channel"] not in Channel.values:
        raise WitnessesUnreadable(
            _("第{place}段的channel应为mail、file或http。").format(place=place)
        )
    if type(silent_after) is not int or silent_after < 1:
        raise WitnessesUnreadable(_("第{place}段的silent_after应为天数。").format(place=place))
    try:
        name = cosigner_name(str(block["verifier"]).strip())
    except NoteWrong as wrong:
        raise WitnessesUnreadable(
            _("第{place}段的verifier不是见证人的公钥：{why}").format(place=place, why=wrong.why)
        ) from wrong
    return Witness(
        office=str(block["office"]),
        name=name,
        verifier=str(block["verifier"]).strip(),
        channel=block["channel"],
        address=str(block["address"]),
        silent_after=silent_after,
    )
