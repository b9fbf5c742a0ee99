"""What the doctor and the page say of the last backup and the last drill."""

from datetime import timedelta

import pytest
from django.utils import timezone

from zhengxin.operations.enums import Verdict
from zhengxin.operations.kept import backup_findings
from zhengxin.safekeeping import records
from zhengxin.safekeeping.types import Done

pytestmark = pytest.mark.django_db(databases=["default", "board"])
OK, WARN, FAIL = Verdict.OK, Verdict.WARN, Verdict.FAIL


@pytest.mark.parametrize(
    ("lines", "verdicts"),
    [
        ([], (WARN, WARN)),
        ([("backup", 1, True), ("drill", 20, True)], (OK, OK)),
        ([("backup", 3, True), ("drill", 50, True)], (WARN, WARN)),
        ([("backup", 30, True), ("backup", 8, True)], (FAIL, WARN)),
        ([("drill", 20, True), ("drill", 1, False)], (WARN, FAIL)),
    ],
)
def test_the_age_of_backup_and_drill(tmp_path, settings, lines, verdicts):
    settings.ZHENGXIN_HOME = tmp_path
    now = timezone.now()
    for what, days, ok in lines:
        records.note(tmp_path, Done(what, now - timedelta(days=days), "run", ok, {}))
    found = {each.code: each for each in backup_findings(now)}
    assert (found["backup"].verdict, found["drill"].verdict) == verdicts
    assert all(each.remedy for each in found.values() if each.verdict is not OK)


def test_a_damaged_line_is_passed_over(tmp_path):
    now = timezone.now()
    records.note(tmp_path, Done("backup", now, "one", True, {"data": 1}))
    with (tmp_path / records.FILE).open("a") as stream:
        stream.write('{"what": "backup"\n')
    last = records.last(tmp_path, "backup", ok=True)
    assert last is not None
    assert (last.run, last.at, last.told) == ("one", now, {"data": 1})
    assert records.last(tmp_path, "drill") is None
