"""The letterbox from the public's side: a letter is sealed and dropped in; a code tells how it stands.

The portal's own process can seal and not open. What it writes here is all it can write beside the log of takings.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from zhengxin.kernel.letters import code_digest, new_code, seal
from zhengxin.kernel.refused import Refused
from zhengxin.publication.board.models import BoardFigure, BoardLetter, BoardStanding

# The figure that holds the public key, in hexadecimal.
KEY = "letter_key"


class LetterRefused(Refused):
    """A letter that is not taken now."""


class UnknownCode(Refused):
    """No letter and no objection has this code."""

    def __init__(self) -> None:
        super().__init__(
            _("没有查到。"), _("受理码有误，或者没有这件异议。"), _("请核对登记时给的受理码。")
        )


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that waits, for whoever can open it."""

    id: int
    sent_at: datetime
    code_digest: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Standing:
    """How an objection stands, by the digest of its code."""

    code_digest: str
    label: str
    lodged_on: date
    decided_on: date | None = None
    closed_on: date | None = None


def drop_in(*, said: dict[str, Any], sender: str, a_day: int, waiting: int, at: datetime) -> str:
    """Seals a letter and leaves it; the code by which its sender asks. Raises LetterRefused.

    a_day: so many letters of one sender; waiting: so many at once.
    """
    key = BoardFigure.objects.using("board").filter(name=KEY).first()
    letters = BoardLetter.objects.using("board")
    if key is None:
        raise _closed(_("本站还没有准备好收信。"))
    if letters.filter(sender=sender, sent_at__gt=at - timedelta(days=1)).count() >= a_day:
        raise _closed(_("同一地址一天最多提出{n}件。").format(n=a_day))
    if letters.filter(sealed__isnull=False).count() >= waiting:
        raise _closed(_("等着登记的已经很多。"))
    code = new_code()
    content = json.dumps({**said, "code": code}, ensure_ascii=False)
    letters.create(
        sent_at=at,
        sender=sender,
        code_digest=code_digest(code),
        sealed=seal(bytes.fromhex(key.value), content.encode()),
    )
    return code


def standing(code: str, zone_day: date) -> Standing:
    """How the objection with this code stands; a wrong code is answered like one that nobody has. Raises UnknownCode."""
    digest = code_digest(code)
    row = BoardStanding.objects.using("board").filter(code_digest=digest).first()
    if row is not None:
        return Standing(digest, row.label, row.lodged_on, row.decided_on, row.closed_on)
    if BoardLetter.objects.using("board").filter(code_digest=digest).exists():
        return Standing(digest, _("已收到，等登记"), zone_day)
    raise UnknownCode


def _closed(why: str) -> LetterRefused:
    return LetterRefused(
        _("没有收下。"), why, _("请过些时候再试，或者到信用办窗口提出，窗口当场登记。")
    )
