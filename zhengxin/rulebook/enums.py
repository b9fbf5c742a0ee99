"""Words of the rulebook. Plain StrEnums with a Chinese `.label`, so that pure rules may use them."""

from enum import StrEnum

from zhengxin.kernel.say import say


class LawStatus(StrEnum):
    """How well a value is known: article read, seen in an excerpt, or from memory."""

    READ = "read"
    EXCERPT = "excerpt"
    MEMORY = "memory"

    @property
    def label(self) -> str:
        """Empty for an article that was read; 待核实 otherwise."""
        return "" if self is LawStatus.READ else say("待核实")


class Grade(StrEnum):
    """How serious a breach of trust is; `MINOR < GENERAL < SERIOUS` by `.weight`."""

    MINOR = "minor"
    GENERAL = "general"
    SERIOUS = "serious"

    @property
    def label(self) -> str:
        """轻微、一般、严重."""
        return say(_GRADE_LABELS[self])

    @property
    def weight(self) -> int:
        """1 for minor, 2 for general, 3 for serious."""
        return list(Grade).index(self) + 1


class DisplayMode(StrEnum):
    """How long something is shown: a window of months, without end, while listed, or never."""

    WINDOW = "window"
    ENDLESS = "endless"
    WHILE_LISTED = "while_listed"
    NEVER = "never"


class WithheldEffect(StrEnum):
    """HIDDEN is kept off the portal; SEALED is given to nobody from the moment it arrives."""

    HIDDEN = "hidden"
    SEALED = "sealed"


class WithheldFor(StrEnum):
    """What a withholding rule looks at."""

    NATURAL_PERSON = "natural_person"
    LEGAL_BASIS = "legal_basis"


class CountedFrom(StrEnum):
    """The day a period counts from: the day of the decision, or of the document."""

    DECISION = "decision"
    DOCUMENT = "document"


class LimitUnit(StrEnum):
    """What a limit counts; SET: nothing, a person names the day."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    MONTHS = "months"
    SET = "set"


class ReportException(StrEnum):
    """Records that must not be reported at all."""

    CLASSIFIED = "classified"
    SUMMARY_PROCEDURE = "summary_procedure"

    @property
    def label(self) -> str:
        """涉密、简易程序."""
        return say(_EXCEPTION_LABELS[self])


class MeasureTarget(StrEnum):
    """On whom a measure may be imposed."""

    UNIT = "unit"
    OFFICIAL = "official"

    @property
    def label(self) -> str:
        """单位、公务员."""
        return say(_TARGET_LABELS[self])


class MeasureBody(StrEnum):
    """Who may impose a measure."""

    CREDIT_OFFICE = "credit_office"
    APPOINTING_BODY = "appointing_body"
    PROVINCIAL_LEAD = "provincial_lead"

    @property
    def label(self) -> str:
        """县信用主管部门, …"""
        return say(_BODY_LABELS[self])


class MeasureEnd(StrEnum):
    """How a measure ends by itself."""

    DONE = "done"
    YEAR_END = "year_end"
    PERIOD = "period"
    SET = "set"

    @property
    def label(self) -> str:
        """办完即止, …"""
        return say(_END_LABELS[self])


class CalendarStatus(StrEnum):
    """Whether a year's calendar follows the State Council notice or is only foreseen."""

    OFFICIAL = "official"
    PROVISIONAL = "provisional"


_GRADE_LABELS = {Grade.MINOR: "轻微", Grade.GENERAL: "一般", Grade.SERIOUS: "严重"}
_EXCEPTION_LABELS = {
    ReportException.CLASSIFIED: "涉及国家秘密",
    ReportException.SUMMARY_PROCEDURE: "适用简易程序",
}
_TARGET_LABELS = {MeasureTarget.UNIT: "单位", MeasureTarget.OFFICIAL: "公务员"}
_BODY_LABELS = {
    MeasureBody.CREDIT_OFFICE: "县信用主管部门",
    MeasureBody.APPOINTING_BODY: "任免机关或者有权机关",
    MeasureBody.PROVINCIAL_LEAD: "省级认定牵头部门",
}
_END_LABELS = {
    MeasureEnd.DONE: "办完即止",
    MeasureEnd.YEAR_END: "当年12月31日止",
    MeasureEnd.PERIOD: "满期自行终止",
    MeasureEnd.SET: "到决定写明的日期自行终止",
}
