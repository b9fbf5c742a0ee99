"""The one base class of errors that speak to a reader."""

from datetime import datetime

from zhengxin.kernel.say import say


class Refused(Exception):
    """Something was refused. Each part is one finished Chinese sentence, without exclamation marks.

    what: what was refused; why: the reason, with its article where law is touched;
    remedy: what the reader can do now. Exceptions live beside the verb that raises them.
    """

    def __init__(self, what: str, why: str = "", remedy: str = "") -> None:
        super().__init__(what, why, remedy)
        self.what = what
        self.why = why
        self.remedy = remedy

    def __str__(self) -> str:
        return "".join(part for part in (self.what, self.why, self.remedy) if part)


class NotAllowed(Refused):
    """The person asking may not do this, whatever the content: doors answer 403."""


class AlreadyDone(Refused):
    """Somebody did the same before, and nothing is done twice: doors answer 409."""

    @classmethod
    def by(cls, name: str, at: datetime, *, what: str) -> "AlreadyDone":
        """Says who did it and when; `name` may be empty."""
        when = at.astimezone().strftime("%Y-%m-%d %H:%M")
        if name:
            why = say("{name}已于{when}办理。", name=name, when=when)
        else:
            why = say("已于{when}办理。", when=when)
        return cls(what, why, say("不用再办；请重新打开这一页看现在的情况。"))
