"""The invented year: the same every time, sound where it means to be, and about nobody real."""

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from zhengxin.demo import slips
from zhengxin.demo.clerks import CLERKS
from zhengxin.demo.licences import LICENCES, licence_row
from zhengxin.demo.parties import ID_REGION, USCC_REGION, Parties
from zhengxin.demo.penalties import PENALTIES, in_wan, penalty_row
from zhengxin.demo.year import DEBTOR, Purpose, UnitCard, Upload, Year, senders
from zhengxin.intake.sources import read_sources
from zhengxin.kernel.idcard import IdState, check_id_number
from zhengxin.kernel.leaks import find_id_numbers
from zhengxin.kernel.regions import county_codes
from zhengxin.kernel.uscc import CodeState, check_uscc
from zhengxin.rulebook import queries as rulebook

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 23)
SOURCES = read_sources((ROOT / "sources",))
REGISTER = yaml.safe_load((ROOT / "registers" / "example.yaml").read_text(encoding="utf-8"))


def cards() -> dict[str, UnitCard]:
    """Units by full, short and county-less name, as the register loader spells them."""
    found = {}
    for place, unit in enumerate(REGISTER["units"], start=1):
        card = UnitCard(place, unit["name"], unit["uscc"])
        for name in (unit["name"], *unit["short"]):
            found[name] = card
            found[name.removeprefix("示例")] = card
    return found


def year(scale: float = 1.0, today: date = TODAY) -> list[Upload]:
    headers = {
        name: {column.field: column.header for column in source.kept}
        for name, source in SOURCES.items()
    }
    return Year(
        today=today,
        units=cards(),
        headers=headers,
        works_on=rulebook.calendar().is_working_day,
        zone=ZoneInfo("Asia/Shanghai"),
        scale=scale,
    ).uploads()


@pytest.fixture(scope="module")
def uploads() -> list[Upload]:
    return year()


def test_the_same_day_gives_the_same_bytes(uploads: list[Upload]) -> None:
    assert [(u.at, u.filename, u.content) for u in year()] == [
        (u.at, u.filename, u.content) for u in uploads
    ]
    assert year(today=TODAY - timedelta(days=1))[0].content != uploads[0].content


def test_it_is_a_county_s_year(uploads: list[Upload]) -> None:
    assert 150 <= len(uploads) <= 400
    assert 3_000 <= sum(upload.rows for upload in uploads) <= 6_000
    assert {upload.source for upload in uploads} == {
        "licences", "penalties", "judgments", "judgment_defaulters", "honours",
    }  # fmt: skip
    assert len({upload.unit_id for upload in uploads}) >= 18
    assert [upload.at for upload in uploads] == sorted(upload.at for upload in uploads)
    assert uploads[0].at.date() > TODAY - timedelta(days=366)
    assert TODAY - timedelta(days=5) < uploads[-1].at.date() < TODAY
    assert len({(upload.filename, upload.unit_id) for upload in uploads}) == len(uploads)


def test_offices_send_when_they_are_open(uploads: list[Upload]) -> None:
    works_on = rulebook.calendar().is_working_day
    assert all(works_on(u.at.date()) and 8 <= u.at.hour < 20 for u in uploads)


def test_each_second_thought_happens_once(uploads: list[Upload]) -> None:
    for purpose in (Purpose.WRONG, Purpose.CORRECTION, Purpose.SHORT):
        assert sum(upload.purpose is purpose for upload in uploads) == 1


def test_a_small_county_is_small() -> None:
    small = year(scale=0.1)
    assert 250 <= sum(upload.rows for upload in small) <= 600
    assert len(small) <= 70


def test_every_sender_may_send_what_it_sends() -> None:
    may = {
        name: set(unit.get("sends", ()))
        for unit in REGISTER["units"]
        for full in (unit["name"], *unit["short"])
        for name in (full, full.removeprefix("示例"))
    }
    assert [each for each in senders() if each.source not in may[each.unit]] == []
    clerks = {a["unit"] for a in REGISTER["accounts"] if a["role"] == "clerk"}
    assert {each.unit for each in senders()} <= clerks | {clerk.unit for clerk in CLERKS}


def test_a_town_owes(uploads: list[Upload]) -> None:
    code = cards()[DEBTOR].code.encode()
    owing = {u.source for u in uploads if u.filename.endswith("csv") and code in u.content}
    court = [u for u in uploads if u.source in ("judgments", "judgment_defaulters")]
    assert court
    if all(upload.filename.endswith("csv") for upload in court):
        assert owing >= {"judgments", "judgment_defaulters"}


def test_codes_are_valid_and_nobody_s() -> None:
    from random import Random

    parties = Parties(Random(3))
    bodies = [*parties.enterprises, *parties.businesses, *parties.cooperatives]
    assert all(check_uscc(each.code).state is CodeState.OK for each in bodies)
    assert all(not check_uscc(each.code).warnings for each in bodies)
    assert all(check_uscc(each.code).category is each.category for each in bodies)
    assert all(check_id_number(each.id_number).state is IdState.OK for each in parties.persons)
    assert len({each.code or each.id_number for each in [*bodies, *parties.persons]}) == len(
        [*bodies, *parties.persons]
    )
    assert len({each.name for each in bodies}) == len(bodies)
    assert {USCC_REGION, ID_REGION}.isdisjoint(county_codes())
    # Rare characters and the dot in names are there to be met.
    names = "".join(each.name for each in [*bodies, *parties.persons])
    assert "䶮" in names
    assert "·" in names


def row(source: str, parties: str) -> dict[str, str]:
    from random import Random

    random = Random(5)
    common = {
        "serial": 7,
        "decided_on": date(2026, 11, 10),
        "unit_name": "示例县某局",
        "unit_code": "x",
        "parties": Parties(random),
        "random": random,
    }
    if source == "licences":
        kind = next(each for each in LICENCES if each.parties == parties)
        return licence_row(kind, **common)  # type: ignore[arg-type]
    penalty = next(each for each in PENALTIES if each.parties == parties)
    return penalty_row(penalty, **common)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "parties"),
    [("licences", "e"), ("licences", "p"), ("penalties", "b"), ("penalties", "p")],
)
def test_rows_fill_what_the_source_requires(source: str, parties: str) -> None:
    columns = SOURCES[source].by_field
    filled = row(source, parties)
    assert set(filled) <= set(columns)
    for field, column in columns.items():
        needed = column.required
        if column.required_when is not None:
            needed |= filled[column.required_when.field] in column.required_when.values
        assert not needed or filled.get(field), field


def test_only_natural_persons_carry_identity_numbers() -> None:
    assert find_id_numbers(row("licences", "p")["XK_XDR_ZJHM"])
    assert not any(find_id_numbers(value) for value in row("licences", "e").values())


def test_amounts_are_in_wan() -> None:
    assert [in_wan(yuan) for yuan in (2_000, 100_000, 500)] == ["0.2", "10", "0.05"]


def test_slips_do_what_they_say() -> None:
    sound = row("licences", "e")

    def slipped(slip: slips.Slip) -> dict[str, str]:
        changed = dict(sound)
        slip(changed)
        return {field: value for field, value in changed.items() if value != sound[field]}

    assert check_uscc(slipped(slips.wrong_check_character)["XK_XDR_SHXYM"]).state is CodeState.BAD
    assert slipped(slips.no_date) == {"XK_JDRQ": ""}
    assert slipped(slips.no_such_day) == {"XK_JDRQ": "2026-02-30"}
    assert slipped(slips.no_legal_head) == {"XK_FRDB": ""}
    assert slipped(slips.wrong_category) == {"XK_XDR_LB": "个体工商户"}
    assert check_uscc(slipped(slips.filler_code)["XK_XDR_SHXYM"]).state is CodeState.FILLER
    assert not find_id_numbers(slipped(slips.filler_code)["XK_XDR_GSZC"])
    assert slipped(slips.other_name)["XK_XDR_MC"] != sound["XK_XDR_MC"]
    assert check_uscc(slipped(slips.full_width)["XK_XDR_SHXYM"]).code == sound["XK_XDR_SHXYM"]
    assert slipped(slips.dotted_date) == {"XK_JDRQ": "2026.11.10"}
    assert slipped(slips.chinese_date) == {"XK_JDRQ": "2026年11月10日"}
