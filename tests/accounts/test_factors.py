"""Second factors and lock-out against a real database."""

import json
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, connections
from django.utils import timezone

from tests.factors import SITE, SoftPasskey, add_app, add_passkey, own
from zhengxin.accounts import factors, locking, queries, sealing
from zhengxin.accounts.models import Account, Attempts, Factor, RecoveryCode
from zhengxin.accounts.proofs import FactorRefused, code_of, prove, recovery_digest, step_of, typed
from zhengxin.accounts.sealing import SecretUnreadable
from zhengxin.accounts.types import Proof, Proven, Site
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import NotAllowed

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
SYSTEM = Actor.system("test")
HALF = timedelta(seconds=30)


@pytest.fixture
def account() -> Account:
    return Account.objects.create(username="xuzhi", name="许知", created_at=timezone.now())


@pytest.fixture
def at() -> datetime:
    return timezone.now().replace(second=10, microsecond=0)


def tried(account: Account, at: datetime, **proof: str) -> Proven:
    recovery = bool(proof.pop("recovery", ""))
    return prove(
        account_id=account.pk,
        proof=Proof(**proof, site=SITE),
        challenge=b"asked",
        at=at,
        actor=own(account),
        recovery=recovery,
    )


def test_a_code_passes_once_and_one_step_early_or_late(account: Account, at: datetime) -> None:
    secret = add_app(account)
    for moment in (at - HALF, at, at + HALF):
        code = code_of(secret, step_of(moment))
        assert tried(account, at, code=f"{code[:3]} {code[3:]}").kind == "totp"
        with pytest.raises(FactorRefused):
            tried(account, at, code=code)
    wide = code_of(secret, step_of(at + HALF)).translate(
        {ord(c): ord(c) + 0xFEE0 for c in "0123456789"}
    )
    assert typed(wide) == code_of(secret, step_of(at + HALF))
    for moment in (at - 2 * HALF, at + 2 * HALF):
        with pytest.raises(FactorRefused):
            tried(account, at, code=code_of(secret, step_of(moment)))
    # A code before the last one used is spent too.
    later = at + 10 * HALF
    assert tried(account, later, code=code_of(secret, step_of(later)))
    with pytest.raises(FactorRefused):
        tried(account, later, code=code_of(secret, step_of(later) - 1))


@pytest.mark.parametrize(
    "code", ["", "000000x", "１２３４５６", "一二三四五六", "12345", "0" * 400]
)
def test_what_is_no_code_is_refused_calmly(account: Account, at: datetime, code: str) -> None:
    add_app(account)
    with pytest.raises(FactorRefused, match="每30秒换一次"):
        tried(account, at, code=code)


def test_the_secret_lies_encrypted_and_belongs_to_its_account(
    account: Account, at: datetime, monkeypatch
) -> None:
    secret = add_app(account)
    row = Factor.objects.get()
    assert secret.encode() not in bytes(row.secret)
    other = Account.objects.create(username="other", name="他人", created_at=at)
    Factor.objects.filter(pk=row.pk).update(account=other)
    with pytest.raises(SecretUnreadable):
        tried(other, at, code="123456")
    Factor.objects.filter(pk=row.pk).update(account=account)
    monkeypatch.setattr(sealing, "_store", [lambda: bytes(32)])
    with pytest.raises(SecretUnreadable, match="已经更换"):
        tried(account, at, code="123456")


def test_a_lost_session_key_takes_nobodys_second_factor(
    account: Account, at: datetime, settings
) -> None:
    secret = add_app(account)
    codes = factors.renew_recovery_codes(account_id=account.pk, at=at, actor=own(account))
    settings.SECRET_KEY = "another"
    assert tried(account, at, code=code_of(secret, step_of(at)))
    assert tried(account, at, code=codes[0], recovery="1").kind == "recovery"


def test_what_rested_on_the_session_key_is_kept_anew_when_it_is_used(
    account: Account, at: datetime, settings
) -> None:
    """Homes of before: the secret and the recovery codes."""
    secret = add_app(account)
    codes = factors.renew_recovery_codes(account_id=account.pk, at=at, actor=own(account))
    session_key = sealing._session_key
    nonce = bytes(12)
    old = nonce + AESGCM(session_key(b"factor")).encrypt(
        nonce, secret.encode(), f"{account.pk}".encode()
    )
    Factor.objects.filter(kind="totp").update(secret=old)
    words = f"recovery:{account.pk}:{codes[1].replace('-', '')}"
    RecoveryCode.objects.filter(digest=recovery_digest(account.pk, codes[1])).update(
        digest=sealing.keyed_digest(words)
    )
    assert tried(account, at, code=codes[1], recovery="1").kind == "recovery"
    assert tried(account, at, code=code_of(secret, step_of(at)))
    settings.SECRET_KEY = "another"
    later = at + 10 * HALF
    assert tried(account, later, code=code_of(secret, step_of(later)))


def test_an_app_counts_only_after_its_first_code(account: Account, at: datetime) -> None:
    started = factors.start_app(account_id=account.pk, name="", at=at, actor=own(account))
    assert not queries.has_factor(account.pk)
    with pytest.raises(factors.NotEnrolled, match="验证码不对"):
        factors.confirm_app(account_id=account.pk, code="000000", at=at, actor=own(account))
    code = code_of(queries.secret_of(started), step_of(at))
    factors.confirm_app(account_id=account.pk, code=code, at=at, actor=own(account))
    assert queries.has_factor(account.pk)
    with pytest.raises(FactorRefused):
        tried(account, at, code=code)
    with pytest.raises(NotAllowed):
        factors.start_app(account_id=account.pk, name="", at=at, actor=SYSTEM)


def asked(account: Account) -> dict:
    return queries.passkey_question(account_id=account.pk, site=SITE, challenge=b"asked")


def test_a_passkey_answers_its_own_question_and_no_replay(account: Account, at: datetime) -> None:
    key = add_passkey(account)
    answer = key.get(asked(account))
    proven = tried(account, at, assertion=answer)
    assert (proven.kind, Factor.objects.get().sign_count) == ("passkey", 2)
    with pytest.raises(FactorRefused):
        tried(account, at, assertion=answer)  # its count did not rise
    other = queries.passkey_question(account_id=account.pk, site=SITE, challenge=b"other")
    with pytest.raises(FactorRefused):
        tried(account, at, assertion=key.get(other))


@pytest.mark.parametrize(
    "wrong", ["origin", "rp_id", "unverified", "stranger", "noise", "not json"]
)
def test_a_passkey_from_elsewhere_or_without_its_person_is_refused(
    account: Account, at: datetime, wrong: str
) -> None:
    key = add_passkey(account)
    if wrong == "origin":
        key.origin = "http://evil.example"
    elif wrong == "rp_id":
        key.rp_id = "evil.example"
    elif wrong == "unverified":
        key.flags = 0x01
    elif wrong == "stranger":
        key = SoftPasskey()
    answer = key.get(asked(account))
    if wrong == "noise":
        said = json.loads(answer)
        said["response"]["signature"] = said["response"]["authenticatorData"]
        answer = json.dumps(said)
    elif wrong == "not json":
        answer = answer[:40]
    with pytest.raises(FactorRefused):
        tried(account, at, assertion=answer)


def test_registration_wants_the_person_verified_and_the_challenge_asked(
    account: Account, at: datetime
) -> None:
    key = SoftPasskey()
    question = queries.passkey_registration(account=account, site=SITE)
    given = {"account_id": account.pk, "name": "x", "at": at, "actor": own(account)}
    for flags, challenge, site in (
        (0x01, question["challenge"], SITE),
        (0x05, "AAAA", SITE),
        (0x05, "", SITE),
        (0x05, question["challenge"], Site("localhost", ("http://other",))),
    ):
        key.flags = flags
        with pytest.raises(factors.NotEnrolled):
            factors.add_passkey(
                answer=key.create(question), challenge=challenge, site=site, **given
            )
    assert not Factor.objects.exists()
    add_passkey(account, key)
    with pytest.raises(factors.NotEnrolled, match="已经登记过"):
        add_passkey(account, key)


def test_recovery_codes_open_once_and_sign_nothing(account: Account, at: datetime) -> None:
    with pytest.raises(factors.NotEnrolled, match="还没有登记第二因子"):
        factors.renew_recovery_codes(account_id=account.pk, at=at, actor=own(account))
    add_app(account)
    codes = factors.renew_recovery_codes(account_id=account.pk, at=at, actor=own(account))
    assert len(set(codes)) == 10
    assert codes[0].replace("-", "") not in str(list(RecoveryCode.objects.values()))
    with pytest.raises(FactorRefused):
        tried(account, at, code=codes[0])
    assert tried(account, at, code=codes[0].lower(), recovery="yes").kind == "recovery"
    with pytest.raises(FactorRefused):
        tried(account, at, code=codes[0], recovery="yes")
    new = factors.renew_recovery_codes(account_id=account.pk, at=at, actor=own(account))
    with pytest.raises(FactorRefused):
        tried(account, at, code=codes[1], recovery="yes")
    assert tried(account, at, code=new[1], recovery="yes")
    assert [line.left for line in queries.factors(account.pk)] == [0, 9]


def test_the_last_factor_takes_the_recovery_codes_with_it(account: Account, at: datetime) -> None:
    add_app(account)
    add_passkey(account)
    factors.renew_recovery_codes(account_id=account.pk, at=at, actor=own(account))
    app, key = Factor.objects.exclude(kind="recovery").order_by("id")
    factors.remove_factor(account_id=account.pk, factor_id=app.pk, at=at, actor=own(account))
    assert Factor.objects.count() == 2
    factors.remove_factor(account_id=account.pk, factor_id=key.pk, at=at, actor=own(account))
    assert not Factor.objects.exists()


def test_five_failures_lock_and_each_lock_is_longer(account: Account, at: datetime) -> None:
    secret = add_app(account)
    moment = at
    for minutes in (5, 10, 20):
        for _ in range(5):
            with pytest.raises(FactorRefused):
                tried(account, moment, code="000000")
        with pytest.raises(locking.Locked, match=f"请{minutes}分钟后再试"):
            tried(account, moment, code=code_of(secret, step_of(moment)))
        moment += timedelta(minutes=minutes, seconds=1)
    # A right code after the lock starts afresh.
    assert tried(account, moment, code=code_of(secret, step_of(moment)))
    assert not Attempts.objects.exists()


def test_an_unknown_name_is_locked_like_a_known_one_and_not_listed(
    account: Account, at: datetime
) -> None:
    told = []
    for name, known in (("xuzhi", account), ("nobody", None)):
        key = locking.password_key(name)
        for _ in range(5):
            locking.admit(key=key, account=known, at=at, actor=SYSTEM)
        with pytest.raises(locking.Locked) as refused:
            locking.admit(key=key, account=known, at=at, actor=SYSTEM)
        told.append(str(refused.value))
    assert told[0] == told[1]
    assert [line.username for line in queries.locked(at)] == ["xuzhi"]
    assert "nobody" not in str(list(Attempts.objects.values()))
    assert locking.lift(account_id=account.pk, at=at, actor=SYSTEM) == 1
    locking.admit(key=locking.password_key("xuzhi"), account=account, at=at, actor=SYSTEM)
    with pytest.raises(NotAllowed):
        locking.lift(account_id=account.pk, at=at, actor=own(account))


def test_an_address_bears_more_and_forgives_what_passed(at: datetime, settings) -> None:
    key = locking.address_key("192.0.2.7")
    settings.ADDRESS_PATIENCE = (3, *settings.ADDRESS_PATIENCE[1:])
    for _ in range(9):
        locking.admit(key=key, at=at, actor=SYSTEM)
        locking.passed(keys=[key], at=at, actor=SYSTEM)
    for _ in range(2):
        locking.admit(key=key, at=at, actor=SYSTEM)
    locking.admit(key=key, at=at, actor=SYSTEM)
    locking.passed(keys=[key], at=at, actor=SYSTEM)  # the last one borne was good
    locking.admit(key=key, at=at, actor=SYSTEM)
    with pytest.raises(locking.Locked):
        locking.admit(key=key, at=at, actor=SYSTEM)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.7", "192.0.2.8", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
    ],
)
def test_of_ipv6_a_whole_network_is_one_address(one: str, other: str, same: bool) -> None:
    assert (locking.address_key(one) == locking.address_key(other)) is same


@pytest.mark.django_db(transaction=True, databases=["default", "keys"])
def test_many_at_once_try_no_more_than_is_borne(at: datetime) -> None:
    together, admitted, refused = Barrier(8), [], []

    def attempt() -> None:
        try:
            together.wait()
            for _ in range(3):
                try:
                    locking.admit(key="password:x", at=at, actor=SYSTEM)
                    admitted.append(1)
                except locking.Locked:
                    refused.append(1)
        finally:
            connection.close()

    threads = [Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(admitted), len(refused)) == (5, 19)


@pytest.mark.django_db(transaction=True, databases=["default", "keys"])
def test_two_at_once_with_one_code_are_one(account: Account, at: datetime) -> None:
    code = code_of(add_app(account), step_of(at))
    together, passed = Barrier(2), []

    def use() -> None:
        try:
            together.wait()
            passed.append(tried(account, at, code=code))
        except FactorRefused:
            pass
        finally:
            connections.close_all()

    threads = [Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 1
