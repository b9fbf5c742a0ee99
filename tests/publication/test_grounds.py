"""Which ground stands when several were given, and what the public is told of it."""

import pytest

from tests.publication.county import AT, record
from zhengxin.publication.actions.figures import withheld_rows
from zhengxin.publication.board import queries
from zhengxin.publication.checks import NotWithholdable, check_withholdable
from zhengxin.publication.models import Notice
from zhengxin.publication.queries import sealed, sealed_keys, with_seal

pytestmark = pytest.mark.django_db(databases="__all__")


def given(county, entry_id, reason):
    county.act("withholding", entry_id, reason=reason, because="依据", review_on="2027-06-01")


def test_a_secret_is_never_replaced_by_a_lesser_ground(county):
    (entry_id,) = county.send(record())
    given(county, entry_id, "privacy")
    given(county, entry_id, "state_secret")
    given(county, entry_id, "trade_secret")
    assert Notice.objects.get(entry_id=entry_id).withheld == "state_secret"
    assert sealed([entry_id]) == {entry_id}


def test_what_the_law_sealed_stays_sealed_beside_a_persons_ground(county):
    (first,) = county.send(record("penalty", unit_id=2, trait="fine"))
    given(county, first, "privacy")
    (mended,) = county.send(
        record("penalty", unit_id=2, trait="fine;public_order", about_id=first, content=9)
    )
    assert Notice.objects.get(entry_id=mended).withheld == "public_order"
    assert sealed([mended]) == {mended}


def test_the_feed_does_not_say_which_ground_a_person_gave(county):
    several = [
        county.send(record(number=f"示住建许〔2026〕{n}号", key=n, content=n))[0] for n in (1, 2, 3)
    ]
    county.publish()
    for entry_id, reason in zip(several, ("privacy", "trade_secret", "state_secret"), strict=True):
        given(county, entry_id, reason)
    county.publish()
    assert {each.reason for each in queries.corrections()} == {"never"}
    told = {row["reason"]: row for row in withheld_rows(AT.date())}
    assert "state_secret" not in told
    assert told["never"]["n"] >= 1
    assert told["never"]["review_on"] is None


@pytest.mark.parametrize("reason", ["nonsense_reason", "public_order", "erased", ""])
def test_only_a_persons_grounds_are_given_by_a_person(county, reason):
    (entry_id,) = county.send(record())
    with pytest.raises(NotWithholdable, match="理由"):
        check_withholdable(entry_id, reason, None, AT.date())


def test_a_seal_is_known_by_the_documents_key(county):
    county.send(record("penalty", unit_id=2, trait="fine;public_order", key=77))
    county.send(record("penalty", unit_id=2, trait="fine", key=78))
    assert sealed_keys([77, 78, 79]) == {77}
    assert with_seal("fine;warning") == "fine;public_order;warning"
    assert with_seal("") == "public_order"
