"""A signature verifies from its own row, and nothing in it can be changed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factors import SITE, add_passkey, own
from zhengxin.accounts import signatures
from zhengxin.accounts.models import Account, Signature
from zhengxin.accounts.proofs import prove
from zhengxin.accounts.queries import passkey_question
from zhengxin.accounts.types import Proof
from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import NotAllowed

pytestmark = pytest.mark.django_db
AT = timezone.now()
SHOWN, SAID = "1" * 64, signatures.said_digest({"grade": "general", "on": AT.date()})


@pytest.fixture
def account() -> Account:
    return Account.objects.create(username="xuzhi", name="许知", created_at=AT)


def signed(
    account: Account, *, after: int = 0, nonce: str = "aa", role: Role = Role.REVIEWER
) -> Signature:
    """A signature by passkey, as the journey makes it."""
    key = add_passkey(account)
    stated = {
        "act": "grading",
        "object_kind": "entry",
        "object_id": "5",
        "after": after,
        "shown": SHOWN,
        "said": SAID,
        "nonce": nonce,
    }
    digest = signatures.statement_digest(account_id=account.pk, **stated)
    asked = passkey_question(account_id=account.pk, site=SITE, challenge=bytes.fromhex(digest))
    proven = prove(
        account_id=account.pk,
        proof=Proof(assertion=key.get(asked), site=SITE),
        challenge=bytes.fromhex(digest),
        at=AT,
        actor=own(account),
    )
    return signatures.keep_signature(
        **stated,
        digest=digest,
        proven=proven,
        at=AT,
        actor=Actor(account.pk, account.name, 1, frozenset({role})),
    )


def test_a_passkeys_signature_verifies_from_the_row_alone(account: Account) -> None:
    made = signed(account)
    account.factors.all().delete()
    kept = Signature.objects.get(pk=made.pk)
    assert signatures.verify(kept)
    for field, value in (
        ("act", "withholding"),
        ("object_id", "6"),
        ("shown", "2" * 64),
        ("said", "2" * 64),
        ("after", 3),
        ("nonce", "bb"),
        ("account_id", account.pk + 1),
        ("digest", "0" * 64),
        ("public_key", b""),
        ("assertion", None),
        ("rp_id", "other"),
    ):
        other = Signature.objects.get(pk=made.pk)
        setattr(other, field, value)
        assert not signatures.verify(other), field


def test_a_recomputed_digest_does_not_carry_the_assertion_over(account: Account) -> None:
    made = signed(account)
    made.said = "2" * 64
    made.digest = signatures.statement_digest(
        account_id=made.account_id,
        act=made.act,
        object_kind=made.object_kind,
        object_id=made.object_id,
        after=made.after,
        shown=made.shown,
        said=made.said,
        nonce=made.nonce,
    )
    assert not signatures.verify(made)


def test_one_signature_follows_another_and_never_two_the_same(account: Account) -> None:
    first = signed(account)
    assert signatures.last_signature("entry", "5") == first.pk
    with pytest.raises(signatures.ContentChanged, match="请再看一遍"):
        signed(account, nonce="bb")
    second = signed(account, after=first.pk, nonce="bb")
    assert signatures.last_signature("entry", "5") == second.pk
    assert signatures.last_signature("entry", "6") == 0


def test_a_clerk_leaves_no_signature(account: Account) -> None:
    with pytest.raises(NotAllowed):
        signed(account, role=Role.CLERK)
    assert not Signature.objects.exists()


def test_the_database_refuses_to_change_or_remove_one(account: Account) -> None:
    made = signed(account)
    for change in (
        lambda: Signature.objects.filter(pk=made.pk).update(said="2" * 64),
        lambda: Signature.objects.filter(pk=made.pk).update(at=AT - timedelta(days=1)),
        lambda: Signature.objects.filter(pk=made.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
