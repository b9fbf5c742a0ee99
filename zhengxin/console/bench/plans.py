"""How well plans are read: clauses found, and units with their roles, against tables made by people."""

import csv
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from zhengxin.console.bench.report import Report
from zhengxin.kernel.names import fold_name
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.oversight.reading import read_plan
from zhengxin.oversight.types import Plan, Role

_BESIDE = Path(__file__).resolve().parents[4] / "shared" / "data" / "plans"
_ROLES = {"lead": Role.LEAD, "support": Role.SUPPORTING, "supporting": Role.SUPPORTING, "responsible": Role.RESPONSIBLE}  # fmt: skip
CLAUSES, UNITS, SECONDS = 0.98, 0.97, 1.0
_LEVELS = ("n_level1_一、", "n_level2_（一）", "n_level3_1.")

Mention = tuple[Role, str]
Clauses = list[frozenset[Mention]]


@dataclass(frozen=True)
class Score:
    """Counts of one file or of all."""

    truth: int = 0
    found: int = 0
    matched: int = 0
    unit_truth: int = 0
    unit_found: int = 0
    unit_matched: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            *(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__)
        )

    @property
    def recall(self) -> float:
        """Share of true clauses that were found; 1 where there is none to find."""
        return self.matched / self.truth if self.truth else 1.0

    @property
    def precision(self) -> float:
        """Share of found clauses that are true; 1 where none was found."""
        return self.matched / self.found if self.found else 1.0

    @property
    def f1(self) -> float:
        """F1 of units with their role; 1 where there are none on either side."""
        both = self.unit_truth + self.unit_found
        return 2 * self.unit_matched / both if both else 1.0


def run(data: Path | None) -> Report:
    """Reads every file of truth.csv under `data` and compares. Raises Refused where there are no tables."""
    folder = data or _BESIDE
    if not (folder / "truth.csv").is_file():
        raise Refused(
            say("没有找到标注：{folder}里没有truth.csv。", folder=folder.name),
            "",
            say("请用 --data 指定放方案和标注的文件夹。"),
        )
    truth = _truth(folder)
    report, total, spent, wrong = Report(), Score(), 0.0, 0
    groups: dict[str, Score] = defaultdict(Score)
    for row in _rows(folder / "truth.csv"):
        doc = row["doc"]
        begun = time.perf_counter()
        plan = _read(folder / doc)
        seconds = time.perf_counter() - begun
        spent = max(spent, seconds)
        score = compare(truth.get(doc, []), _found(plan))
        groups[_group(row["kind"])] += score
        total += score
        headings = _headings(plan, row)
        wrong += headings is False
        report.add(
            Path(doc).stem[:28],
            _expected(score, row),
            _measured(score, headings),
            _good(score) and headings is not False,
        )
    for group, score in groups.items():
        report.add(say("小计：{group}", group=group), "", _measured(score, None), _good(score))
    report.add(
        say("合计：任务查全率"), f"≥ {CLAUSES}", f"{total.recall:.4f}", total.recall >= CLAUSES
    )
    report.add(
        say("合计：任务查准率"),
        f"≥ {CLAUSES}",
        f"{total.precision:.4f}",
        total.precision >= CLAUSES,
    )
    report.add(say("合计：单位及角色F1"), f"≥ {UNITS}", f"{total.f1:.4f}", total.f1 >= UNITS)
    report.add(say("合计：标题层级数不符的文件"), "0", str(wrong), wrong == 0)
    report.add(say("最慢的一份"), f"≤ {SECONDS:.0f} 秒", f"{spent:.3f} 秒", spent <= SECONDS)
    return report


def compare(truth: Clauses, found: Clauses) -> Score:
    """Clauses are matched one to one, those that share most mentions first; one without any in common is no match."""
    pairs = sorted(
        (
            (len(true & got), -abs(place - other), place, other)
            for place, true in enumerate(truth)
            for other, got in enumerate(found)
            if true & got or _same_units(true, got)
        ),
        reverse=True,
    )
    left, right, shared = set[int](), set[int](), 0
    for common, _, place, other in pairs:
        if place not in left and other not in right:
            left.add(place)
            right.add(other)
            shared += common
    return Score(
        truth=len(truth),
        found=len(found),
        matched=len(left),
        unit_truth=sum(map(len, truth)),
        unit_found=sum(map(len, found)),
        unit_matched=shared,
    )


def _same_units(true: frozenset[Mention], got: frozenset[Mention]) -> bool:
    return bool({name for _, name in true} & {name for _, name in got})


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _truth(folder: Path) -> dict[str, Clauses]:
    clauses: dict[str, dict[str, set[Mention]]] = defaultdict(lambda: defaultdict(set))
    for row in _rows(folder / "truth_clauses.csv"):
        names = clauses[row["doc"]][row["clause_no"]]
        names |= {(_ROLES[row["role"]], fold_name(name)) for name in row["units"].split("|")}
    return {doc: [frozenset(names) for names in each.values()] for doc, each in clauses.items()}


def _read(path: Path) -> Plan | None:
    """The plan; None where the file is refused as none, which for a control is right as well."""
    try:
        return read_plan(path)
    except Refused:
        return None


def _found(plan: Plan | None) -> Clauses:
    tasks = plan.tasks if plan else ()
    return [frozenset((role, fold_name(name)) for role, name in task.units) for task in tasks]


def _headings(plan: Plan | None, row: dict[str, str]) -> bool | None:
    """Whether the numbers of headings of the first three levels agree; None where nobody counted them."""
    if not row[_LEVELS[0]]:
        return None
    levels = Counter(section.level for section in plan.sections) if plan else Counter[int]()
    return all(int(row[name] or 0) == levels[level] for level, name in enumerate(_LEVELS, start=1))


def _group(kind: str) -> str:
    return say("对照（没有任务）") if "negative" in kind else kind.split(" (", maxsplit=1)[0]


def _expected(score: Score, row: dict[str, str]) -> str:
    if not score.truth:
        return say("没有任务")
    return say("{n}条，{units}处单位", n=score.truth, units=row["n_unit_mentions_all_roles"])


def _measured(score: Score, headings: bool | None) -> str:
    if not score.truth:
        return say("{n}条", n=score.found)
    told = f"R {score.recall:.3f} P {score.precision:.3f} F1 {score.f1:.3f}"
    return told + (say("，标题数不符") if headings is False else "")


def _good(score: Score) -> bool:
    if not score.truth:
        return score.found == 0
    return score.recall >= CLAUSES and score.precision >= CLAUSES and score.f1 >= UNITS
