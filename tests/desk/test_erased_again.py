"""What was erased does not come back by being sent again, in the same words or in others."""

import re

import pytest
from django.utils import timezone

from tests.desk.conftest import today
from tests.desk.rows import licence, table
from tests.factors import signed_soon
from zhengxin import journey
from zhengxin.accounts.queries import actor_for
from zhengxin.journey.showing import erasure_sheet
from zhengxin.ledger.models import Entry
from zhengxin.publication.models import Notice

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    settings.ERASURE_JOURNAL = tmp_path / "erasures.jsonl"


def sent(client, *rows):
    """The text of the receipt."""
    answer = client.post("/desk/submissions/new/licences/", {"file": table("licences", *rows)})
    assert answer.status_code == 302, answer.content.decode()
    return re.sub(r"<[^>]+>", "", client.get(answer["Location"]).content.decode())


def test_an_erased_record_is_not_sent_again_in_other_words(county, signed_in):
    clerk = signed_in("jingban")
    sent(clerk, licence(1), licence(2))
    gone = Notice.objects.earliest("entry_id").entry_id
    reviewer = county.accounts["fuhe"]
    journey.erase(
        entry_id=gone,
        because="依县人民法院裁定。",
        **signed_soon(reviewer.pk, erasure_sheet(gone)),
        actor=actor_for(reviewer, today()),
    )
    records = Entry.objects.filter(kind="licence")
    before = records.count()
    for again in (licence(1), licence(1, BZ="再报"), licence(1, XK_NR="改过的内容")):
        told = sent(clerk, again)
        assert "1行退回" in told
        assert "这一行的内容已依法删除。" in told
        assert records.count() == before
    assert "更正" in sent(clerk, licence(2, BZ="改过"))
    assert records.count() == before + 1
    journey.publish_due(at=timezone.now(), actor=actor_for(reviewer, today()))
    assert not Notice.objects.get(entry_id=gone).on_board
