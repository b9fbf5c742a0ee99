"""When who sends what: a year of uploads, the same for the same day and scale."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from random import Random

from zhengxin.demo import slips
from zhengxin.demo.courts import defaulter_row, honour_row, judgment_row, owing
from zhengxin.demo.files import Form, Row, write
from zhengxin.demo.licences import LICENCES, licence_row
from zhengxin.demo.parties import Parties
from zhengxin.demo.penalties import PENALTIES, penalty_row

SEED = 20260101
SMALL_BELOW = 0.5
DAYS = 364
# The last quarter is sent more often: the portal charts twelve weeks.
RECENT_DAYS = 91
BUSY = frozenset({"县市场监管局", "县住建局", "县交通局", "县自然资源局", "县农业农村局"})
COURT = "县人民法院"
SMALL = BUSY | {COURT, "县水利局", "县应急局", "县公安局", "县发改局"}
DEBTOR = "青石镇"
DEBTOR_PLACE = {"judgments": 9, "judgment_defaulters": 4}
HONOURS_PREFIX = {"县发改局": "示发改信", "县市场监管局": "示市监信"}
LATE_SHARE = {"县水利局": 0.16, "县文旅广电局": 0.14, "县交通局": 0.07}
USUAL_LATE_SHARE = 0.025
TITLES = {
    "licences": "行政许可",
    "penalties": "行政处罚",
    "judgments": "司法裁判",
    "judgment_defaulters": "失信被执行人",
    "honours": "守信荣誉",
}


class Purpose(StrEnum):
    """What the clerk meant by an upload; the value ends the file name."""

    USUAL = ""
    WRONG = "（测试稿）"
    CORRECTION = "（更正）"
    SHORT = "（缺列）"


# Whose newest but one file is followed by which second thought.
SECOND_THOUGHTS = {
    ("县交通局", "licences"): Purpose.WRONG,
    ("县住建局", "licences"): Purpose.CORRECTION,
    ("县水利局", "licences"): Purpose.SHORT,
}
# What goes wrong, row by row, in the newest file of a unit.
NEWEST_SLIPS: dict[tuple[str, str], tuple[slips.Slip, ...]] = {
    ("县市场监管局", "licences"): (
        slips.filler_code,
        slips.other_name,
        slips.wrong_check_character,
    ),
    ("县住建局", "licences"): (slips.other_name, slips.backward_period, slips.no_date),
    ("县交通局", "licences"): (slips.no_legal_head, slips.wrong_category, slips.full_width),
    ("县住建局", "penalties"): (slips.summary_procedure, slips.other_name),
    ("县应急局", "penalties"): (slips.classified,),
    ("县生态环境局", "penalties"): (slips.fine_in_yuan,),
}


@dataclass(frozen=True, slots=True)
class UnitCard:
    """A unit as its rows name it; id is its subject's key."""

    id: int
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Upload:
    """One file on its way: when, by whom, for which source."""

    at: datetime
    unit_id: int
    source: str
    filename: str
    content: bytes
    rows: int
    purpose: Purpose = Purpose.USUAL


@dataclass(frozen=True, slots=True)
class Sender:
    """A unit's habit for one source. gaps: days between files, recently and before; rows: fewest, most."""

    unit: str
    source: str
    recent_gap: int
    earlier_gap: int
    rows: tuple[int, int]


def senders(*, small: bool = False) -> list[Sender]:
    """Who sends which source how often; a `small` county keeps the busy, the court and the odd ones."""
    found: list[Sender] = []
    for unit in dict.fromkeys(licence.unit for licence in LICENCES):
        busy = unit in BUSY
        gaps = (27, 91) if busy else (60, 180)
        found.append(Sender(unit, "licences", *gaps, (36, 86) if busy else (17, 50)))
    for unit in dict.fromkeys(penalty.unit for penalty in PENALTIES):
        busy = unit in BUSY
        gaps = (27, 91) if busy else (60, 180)
        found.append(Sender(unit, "penalties", *gaps, (3, 8) if busy else (1, 5)))
    found.append(Sender(COURT, "judgments", 28, 28, (8, 16)))
    found.append(Sender(COURT, "judgment_defaulters", 28, 28, (3, 7)))
    found += [Sender(unit, "honours", 80, 80, (10, 24)) for unit in ("县发改局", "县市场监管局")]
    return [each for each in found if each.unit in SMALL] if small else found


class Year:
    """The uploads of the year that ends the day before `today`.

    units: every unit by each of its names; headers: for each source its field codes and headers in order;
    works_on: whether offices are open; scale: 1 for the whole county, less for a small one.
    """

    def __init__(
        self,
        *,
        today: date,
        units: Mapping[str, UnitCard],
        headers: Mapping[str, Mapping[str, str]],
        works_on: Callable[[date], bool],
        zone: tzinfo,
        scale: float = 1.0,
    ) -> None:
        self._random = Random(SEED)
        self._today = today
        self._units = units
        self._headers = headers
        self._works_on = works_on
        self._zone = zone
        self._senders = senders(small=scale < SMALL_BELOW)
        self._stretch: float = scale**-0.8
        self._fewer: float = scale**0.2
        self.parties = Parties(self._random)
        self._serials: dict[tuple[str, int], int] = defaultdict(int)

    def uploads(self) -> list[Upload]:
        """Every upload, in the order of time."""
        visits = sorted(
            (
                (day, place, sender)
                for place, sender in enumerate(self._senders)
                for day in self._days(sender)
            ),
            key=lambda visit: visit[:2],
        )
        left = Counter(sender for _, _, sender in visits)
        found: list[Upload] = []
        for place, (day, _, sender) in enumerate(visits):
            left[sender] -= 1
            at = self._moment(day, place)
            rows = [self._row(sender, day) for _ in range(self._count(sender))]
            sound = [dict(row) for row in rows]
            if sender.source in ("licences", "penalties"):
                self._slip(rows, sender, newest=not left[sender])
            found.append(self._upload(at, sender, rows))
            if left[sender] == 1:
                found += self._second_thought(at, sender, sound)
        return sorted(found, key=lambda upload: upload.at)

    def _moment(self, day: date, place: int) -> datetime:
        minutes = (place * 37) % 480
        return datetime.combine(day, time(8, 30), self._zone) + timedelta(minutes=minutes)

    def _days(self, sender: Sender) -> Iterator[date]:
        """The days on which a sender sends, latest first."""
        day = self._today - timedelta(days=1 + self._random.randrange(sender.recent_gap // 3 + 1))
        while day > self._today - timedelta(days=DAYS):
            yield self._back(day, 0)
            recent = (self._today - day).days < RECENT_DAYS
            gap = (sender.recent_gap if recent else sender.earlier_gap) * self._stretch
            day -= timedelta(days=max(5, round(gap * self._random.uniform(0.8, 1.2))))

    def _back(self, day: date, working_days: int) -> date:
        """`working_days` before `day`, on a day when offices are open."""
        while not self._works_on(day):
            day -= timedelta(days=1)
        for _ in range(working_days):
            day -= timedelta(days=1)
            while not self._works_on(day):
                day -= timedelta(days=1)
        return day

    def _count(self, sender: Sender) -> int:
        fewest, most = sender.rows
        return max(1, round(self._random.randint(fewest, most) * self._fewer))

    def _decided_on(self, sender: Sender, day: date) -> date:
        late = self._random.random() < LATE_SHARE.get(sender.unit, USUAL_LATE_SHARE)
        return self._back(day, self._random.randint(9, 20) if late else self._random.randint(1, 6))

    def _serial(self, prefix: str, year: int) -> int:
        self._serials[prefix, year] += 1
        return self._serials[prefix, year]

    def _row(self, sender: Sender, day: date) -> Row:
        card = self._units[sender.unit]
        decided_on = self._decided_on(sender, day)
        draw, parties = self._random, self.parties
        if sender.source == "licences":
            licence = draw.choice([each for each in LICENCES if each.unit == sender.unit])
            return licence_row(
                licence,
                serial=self._serial(licence.prefix, decided_on.year),
                decided_on=decided_on,
                unit_name=card.name,
                unit_code=card.code,
                parties=parties,
                random=draw,
            )
        if sender.source == "penalties":
            kinds = [each for each in PENALTIES if each.unit == sender.unit]
            penalty = draw.choices(kinds, weights=[each.share for each in kinds])[0]
            return penalty_row(
                penalty,
                serial=self._serial(penalty.prefix, decided_on.year),
                decided_on=decided_on,
                unit_name=card.name,
                unit_code=card.code,
                parties=parties,
                random=draw,
            )
        serial = self._serial(f"{sender.source}{sender.unit}", decided_on.year)
        if sender.source == "honours":
            return honour_row(
                serial=serial,
                decided_on=decided_on,
                granted_by=card.name,
                prefix=HONOURS_PREFIX[sender.unit],
                parties=parties,
                random=draw,
            )
        # One judgment and one listing of the year are about a town.
        debtor, place = self._units[DEBTOR], self._count_of_court_rows(sender.source)
        unit_owes = place == DEBTOR_PLACE[sender.source]
        make = judgment_row if sender.source == "judgments" else defaulter_row
        return make(
            serial=serial,
            decided_on=decided_on,
            court=card.name,
            party=owing(debtor.name, debtor.code) if unit_owes else parties.one("eeebcp"),
            random=draw,
        )

    def _count_of_court_rows(self, source: str) -> int:
        return sum(n for (name, _), n in self._serials.items() if name == f"{source}{COURT}")

    def _slip(self, rows: list[Row], sender: Sender, *, newest: bool) -> None:
        """Some rows go wrong; some units' newest files show the rarer slips."""
        draw = self._random
        for row in rows:
            chance = draw.random()
            if chance < 0.012:
                draw.choice(slips.FAULTY)(row)
            elif chance < 0.016:
                slips.other_name(row)
            elif chance < 0.06:
                draw.choice(slips.ODD)(row)
        if newest:
            fitting = [row for row in rows if slips.of_organisation(row)]
            for row, slip in zip(
                fitting, NEWEST_SLIPS.get((sender.unit, sender.source), ()), strict=False
            ):
                slip(row)

    def _second_thought(self, at: datetime, sender: Sender, rows: list[Row]) -> Iterator[Upload]:
        """A file sent by mistake, a corrected one, or one that lacks its date column."""
        purpose = SECOND_THOUGHTS.get((sender.unit, sender.source))
        if purpose is Purpose.WRONG:
            drafts = [dict(row, XK_WSH=row["XK_WSH"].replace("许〔", "许试〔")) for row in rows[:8]]
            yield self._upload(at + timedelta(minutes=11), sender, drafts, purpose)
        if purpose is Purpose.CORRECTION:
            mended = [
                dict(row, XK_NR=row["XK_NR"].replace("。", "，分两期实施。")) for row in rows[:3]
            ]
            week_later = min(at.date() + timedelta(days=7), self._today - timedelta(days=1))
            day = self._back(week_later, 0)
            noticed = at.replace(year=day.year, month=day.month, day=day.day) + timedelta(hours=3)
            yield self._upload(noticed, sender, mended, purpose)
        if purpose is Purpose.SHORT:
            yield self._upload(
                at - timedelta(minutes=23), sender, rows, purpose, without=("XK_JDRQ", "XK_WSH")
            )

    def _upload(
        self,
        at: datetime,
        sender: Sender,
        rows: list[Row],
        purpose: Purpose = Purpose.USUAL,
        without: tuple[str, ...] = (),
    ) -> Upload:
        headers = {
            code: name for code, name in self._headers[sender.source].items() if code not in without
        }
        form = list(Form)[sum(map(ord, sender.unit)) % len(Form)]
        filename = f"{sender.unit}{TITLES[sender.source]}{at:%Y%m%d}{purpose}.{form.suffix}"
        content = write(rows, headers, form, at)
        unit_id = self._units[sender.unit].id
        return Upload(at, unit_id, sender.source, filename, content, len(rows), purpose)
