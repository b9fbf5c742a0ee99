"""The one base class of errors that speak to a reader."""


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
