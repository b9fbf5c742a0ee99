"""What the log is called: after its county, once and for ever."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from zhengxin.kernel.actor import Actor
from zhengxin.ledger import actions, queries
from zhengxin.ledger.models import LogName

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
ACTOR = Actor.system("test")
AT = datetime(2026, 11, 28, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"


def name(county: str = "210321", *, invented: bool = False) -> str:
    return actions.name_log(county=county, invented=invented, at=AT, actor=ACTOR)


def test_it_bears_the_county_and_its_first_key_and_never_changes():
    found = name()
    start, county, mark = found.split("/")
    assert (start, county, len(mark)) == ("zhengxin", "210321", 8)
    assert name("990121", invented=True) == found == queries.log_name()
    saved = actions.sign_checkpoint(at=AT, actor=ACTOR)
    assert saved.note.startswith(f"{found}\n0\n")
    assert queries.verifier_key().startswith(f"{found}+")
    assert queries.verify().ok
    with pytest.raises(IntegrityError), transaction.atomic():
        LogName.objects.create(number=2, name="x", named_at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        LogName.objects.update(name="x")


def test_an_invented_county_says_so():
    assert name("990121", invented=True).startswith("zhengxin-demo/990121/")


def test_a_log_that_signed_before_keeps_the_name_all_once_had():
    actions.sign_checkpoint(at=AT, actor=ACTOR)
    assert name() == "zhengxin/ledger" == queries.log_name()
    assert not LogName.objects.exists()
