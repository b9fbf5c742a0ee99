"""Recipients: the board knows keys, the main store knows who they are."""

import json
from datetime import timedelta

import pytest

from tests.homes import new_home
from tests.publication.county import ACTOR, AT
from zhengxin.publication import queries as desk
from zhengxin.publication.actions import end_recipient, register_recipient
from zhengxin.publication.actions.registering import RecipientIncomplete
from zhengxin.publication.board import models, queries
from zhengxin.publication.board.takings import note_taking
from zhengxin.publication.enums import Asked
from zhengxin.publication.models import Recipient

databases = pytest.mark.django_db(databases="__all__")


def register(name: str = "某银行") -> tuple[int, str]:
    key = register_recipient(name=name, contact="0412-0000000", purpose="授信", at=AT, actor=ACTOR)
    return Recipient.objects.latest("id").pk, key


@databases
def test_the_board_knows_the_key_and_nobody():
    pk, key = register()
    found = queries.recipient(key)
    assert found is not None
    assert found.id == pk
    held = json.dumps(list(models.RecipientKey.objects.values()), default=str)
    for secret in (key, "某银行", "0412", "授信"):
        assert secret not in held
    assert queries.recipient(key + "x") is None
    end_recipient(recipient_id=pk, at=AT, actor=ACTOR)
    assert queries.recipient(key) is None
    with pytest.raises(RecipientIncomplete):
        register(" ")


@databases
def test_a_board_that_lost_its_keys_gets_them_again(county):
    pk, key = register()
    ended, other = register("另一家")
    end_recipient(recipient_id=ended, at=AT, actor=ACTOR)
    models.RecipientKey.objects.using("board").all().delete()
    assert queries.recipient(key) is None
    county.publish()
    assert queries.recipient(key).id == pk
    assert queries.recipient(other) is None


@databases
def test_the_desk_sees_what_each_recipient_took():
    bank, _ = register()
    register("另一家")
    for n, ids in enumerate(([5, 3, 9], [4], [])):
        at = AT + timedelta(days=n)
        note_taking(recipient_id=bank, asked=Asked.ENTRIES, entry_ids=ids, at=at)
    idle, busy = desk.recipients()
    assert (idle.takings, idle.entries, idle.last_taken_at) == (0, 0, None)
    assert (busy.takings, busy.entries, busy.last_taken_at) == (2, 4, AT + timedelta(days=1))
    last, first = desk.takings()
    assert (first.recipient_name, first.asked_label) == ("某银行", "记录列表")
    assert (first.first_id, first.last_id, first.n) == (3, 9, 3)
    assert (last.first_id, last.n) == (4, 1)


OLDER = """
from django.core.management import call_command
from django.db import connections
from zhengxin.config.schemas import ensure_schemas
ensure_schemas()
call_command("migrate", database="default", verbosity=0)
call_command("migrate", "board", "0001", database="board", verbosity=0)
with connections["board"].cursor() as cursor:
    cursor.execute(
        "INSERT INTO board_recipient (id, name, contact, purpose, key_digest, registered_at, ended_at) "
        "VALUES (4, '某银行', '0412-0000000', '授信', 'd1', '2026-01-02 00:00:00+00:00', NULL)"
    )
call_command("migrate", database="board", verbosity=0)
from zhengxin.publication.actions import register_recipient
from zhengxin.publication.board.models import RecipientKey
from zhengxin.publication.models import Recipient
from zhengxin.kernel.actor import Actor
from django.utils import timezone
register_recipient(name="乙", contact="丙", purpose="丁", at=timezone.now(), actor=Actor.system("测试"))
answer = [
    list(Recipient.objects.order_by("id").values_list("id", "name", "contact", "key_digest"))[0],
    list(RecipientKey.objects.order_by("id").values_list("id", "key_digest"))[0],
    Recipient.objects.count(),
    RecipientKey.objects.count(),
]
"""


def test_the_register_of_an_older_board_moves_to_the_main_store(tmp_path):
    with new_home(tmp_path, tables=False) as home:
        person, key, *counts = home.ask(OLDER)
    assert person == [4, "某银行", "0412-0000000", "d1"]
    assert (key, counts) == ([4, "d1"], [2, 2])
