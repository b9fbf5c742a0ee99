"""Files as known now and on an earlier day."""

from datetime import date, timedelta

import pytest

from tests.publication.county import AT, record
from zhengxin.archive.queries import file_of

pytestmark = pytest.mark.django_db(databases="__all__")
DAYS = [AT + timedelta(days=n) for n in range(6)]
ON = [day.date() for day in DAYS]


def endings(known_on=None):
    return [(line.entry_id, line.ending) for line in file_of(11, known_on)]


def test_a_record_is_a_line(county):
    (entry_id,) = county.send(record(), record(subject_id=12))[:1]
    (line,) = file_of(11)
    assert (line.entry_id, line.unit_id, line.kind) == (entry_id, 1, "licence")
    assert (line.true_on, line.known_at, line.ending) == (date(2026, 11, 18), AT, "")


def test_corrected_then_withdrawn_as_known_on_each_day(county):
    (old,) = county.send(record())
    (new,) = county.send(record(about_id=old, known_at=DAYS[2]), at=DAYS[2])
    assert endings() == [(new, ""), (old, "superseded")]
    act = county.act("withdrawal", county.batch_of(new), at=DAYS[4], because="传错了")
    assert endings() == [(new, "withdrawn"), (old, "")]
    assert endings(date(2026, 11, 19)) == []
    assert endings(ON[1]) == [(old, "")]
    assert endings(ON[3]) == [(new, ""), (old, "superseded")]
    assert endings(ON[4]) == [(new, "withdrawn"), (old, "")]
    (gone, _) = file_of(11)
    assert (gone.ended_by, gone.ended_at) == (act, DAYS[4])


def test_a_chain_of_corrections_stands_at_its_last_link(county):
    (a,) = county.send(record())
    (b,) = county.send(record(about_id=a))
    (c,) = county.send(record(about_id=b))
    assert endings() == [(c, ""), (b, "superseded"), (a, "superseded")]
    county.act("withdrawal", county.batch_of(b), because="传错了")
    # c stands, and it corrects what b corrected
    assert endings() == [(c, ""), (b, "withdrawn"), (a, "superseded")]
    county.act("withdrawal", county.batch_of(c), because="传错了")
    assert endings() == [(c, "withdrawn"), (b, "withdrawn"), (a, "")]


def test_two_corrections_of_one_record(county):
    (a,) = county.send(record())
    (b,) = county.send(record(about_id=a))
    (c,) = county.send(record(about_id=a))
    county.act("withdrawal", county.batch_of(b), because="传错了")
    assert endings() == [(c, ""), (b, "withdrawn"), (a, "superseded")]
    assert file_of(11)[2].ended_by == c


def test_a_whole_batch_is_withdrawn(county):
    ids = county.send(record(), record(subject_id=12), record())
    (other,) = county.send(record())
    county.act("withdrawal", county.batch_of(ids[0]), because="传错了")
    assert endings() == [(other, ""), (ids[2], "withdrawn"), (ids[0], "withdrawn")]


def test_a_revoked_record_ends_alone_and_what_it_corrected_stands_again(county):
    a, other = county.send(record(), record(number="示住建许〔2026〕19号"))
    (b,) = county.send(record(about_id=a, known_at=DAYS[1]), at=DAYS[1])
    act = county.act("revocation", b, at=DAYS[2], because="认定有误")
    assert endings() == [(b, "withdrawn"), (other, ""), (a, "")]
    assert endings(ON[1]) == [(b, ""), (other, ""), (a, "superseded")]
    assert (file_of(11)[0].ended_by, file_of(11)[0].ended_at) == (act, DAYS[2])


def test_a_revoked_chain_leaves_nothing_standing(county):
    (a,) = county.send(record())
    (b,) = county.send(record(about_id=a, subject_id=12))
    county.act("revocation", b, because="认定有误")
    county.act("revocation", a, because="认定有误")
    assert endings() == [(a, "withdrawn")]
    assert [line.ending for line in file_of(12)] == ["withdrawn"]
