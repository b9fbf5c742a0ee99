"""A proposed rule tried on past records: what changes, for whom, and that nothing is changed by it."""

import shutil
from datetime import date

import pytest

from tests.publication.county import record
from zhengxin.publication.models import Notice
from zhengxin.publication.rehearsing import rehearse
from zhengxin.rulebook.queries import law_folder
from zhengxin.rulebook.reading import LawUnreadable

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
SINCE, UNTIL = date(2026, 4, 1), date(2026, 12, 31)


@pytest.fixture
def proposed(tmp_path):
    """The law in use, in a folder that may be changed."""
    return shutil.copytree(law_folder(), tmp_path / "proposed")


def rewrite(folder, name, old, new):
    path = folder / "publication" / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def penalty(n, trait, **changes):
    return record(kind="penalty", number=f"示罚〔2026〕{n}号", trait=trait, **changes)


def test_the_law_in_use_changes_nothing(county, proposed):
    county.send(penalty(1, "closure"), record())
    found = rehearse(proposed, since=SINCE, until=UNTIL)
    assert (found.n, found.changes) == (2, ())


def test_a_kind_of_penalty_moved_to_a_graver_grade_hits_whoever_had_one(county, proposed):
    confiscated = "confiscation_of_gains"
    [first, second, _closed, _person, graded] = county.send(
        penalty(1, confiscated),
        penalty(2, confiscated, subject_id=12),
        penalty(3, "closure"),
        penalty(4, confiscated, subject_id=21),
        penalty(5, confiscated),
    )
    # What a person decided is not undone by a rule.
    county.act("grading", graded, grade="general")
    before = list(Notice.objects.order_by("entry_id").values())
    rewrite(proposed, "grades.yaml", "general: [confiscation_of_gains, ", "general: [")
    rewrite(proposed, "grades.yaml", "serious: [", "serious: [confiscation_of_gains, ")
    found = rehearse(proposed, since=SINCE, until=UNTIL)
    assert found.n == 5
    [change] = found.changes
    assert (change.kind, change.before, change.after) == (
        "penalty",
        ("general", "scheduled", ""),
        ("serious", "scheduled", ""),
    )
    # A natural person's record is shown under neither rule.
    assert (change.n, change.persons, change.longer, change.later) == (2, 0, 2, 2)
    assert change.named == ((first, 11), (second, 12))
    assert list(Notice.objects.order_by("entry_id").values()) == before


def test_only_records_of_the_period_that_still_stand_are_tried(county, proposed):
    [old, new] = county.send(penalty(1, "closure", true_on=date(2026, 5, 1)), penalty(2, "closure"))
    assert rehearse(proposed, since=date(2026, 11, 1), until=UNTIL).n == 1
    county.act("withdrawal", county.batch_of(new), because="传错了")
    assert old != new
    assert rehearse(proposed, since=SINCE, until=UNTIL).n == 0


def test_what_is_sealed_is_not_even_counted(county, proposed):
    county.send(penalty(1, "closure;public_order"), penalty(2, "closure"))
    assert rehearse(proposed, since=SINCE, until=UNTIL).n == 1


def test_a_folder_that_cannot_be_read_is_named_and_the_law_in_use_stays(county, proposed):
    county.send(penalty(1, "closure"))
    rewrite(proposed, "grades.yaml", "grades:", "grade:")
    with pytest.raises(LawUnreadable) as refused:
        rehearse(proposed, since=SINCE, until=UNTIL)
    assert "grades.yaml" in str(refused.value)
    assert law_folder() != proposed
    assert rehearse(law_folder(), since=SINCE, until=UNTIL).changes == ()
