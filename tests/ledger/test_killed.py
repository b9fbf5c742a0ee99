"""A machine that stops at any moment: nothing half done, nothing twice."""

import json
import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connections

from tests.ledger.conftest import ACTOR, AT, draft
from zhengxin.ledger import actions, queries
from zhengxin.ledger.chunks import StagingStopped
from zhengxin.ledger.models import Entry, Payload, Seal
from zhengxin.ledger.vault.models import Secret

pytestmark = pytest.mark.django_db(databases=["default", "keys"], transaction=True)
N = 4_000


def reserve(n):
    actions.append(drafts=[draft()], at=AT, actor=ACTOR)
    return actions.reserve(digest="k" * 64, unit_id=3, n=n, seen=0, known_at=AT, at=AT, actor=ACTOR)


def start(batch, path):
    given = {
        "stores": {a: str(connections[a].settings_dict["NAME"]) for a in ("default", "keys")},
        "keys": str(settings.KEYS_DIR),
        "batch": batch.id,
        "drafts": str(path),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.ledger.admit_alone", json.dumps(given)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def kill_after(process, lines, everybody):
    """Kill -9 once the process has told its progress so many times."""
    for _ in range(lines):
        if not process.stdout.readline():
            break
    if everybody:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
    process.stdout.close()
    process.stderr.close()


def test_a_killed_submission_is_resumed_and_enters_exactly_once(drafts):
    path = drafts(N, filler=300)
    batch = reserve(N)
    # Before anything, after a few chunks (workers die too, or outlive their starter), late.
    for lines, everybody in ((0, True), (3, True), (2, False)):
        kill_after(start(batch, path), lines, everybody)
        assert queries.size() == 1
    again = start(batch, path)
    told, complaint = again.communicate()
    assert told.endswith("sealed\n"), complaint
    assert Entry.objects.filter(batch_id=batch.id).count() == N
    assert Payload.objects.count() == Secret.objects.count() == N + 1
    report = queries.verify(payloads=True)
    assert (report.size, report.payloads, report.problems) == (N + 1, N + 1, ())
    assert queries.payload(batch.first_id + N - 1).open["document"] == f"示罚〔2026〕{N - 1}号"
    actions.stage(batch_id=batch.id, drafts_path=path, at=AT, actor=ACTOR)
    actions.seal(batch_id=batch.id, at=AT, actor=ACTOR)
    assert Seal.objects.count() == 2


def test_a_worker_that_dies_is_reported_and_the_rest_can_be_resumed(drafts, monkeypatch):
    from zhengxin.ledger import staging

    monkeypatch.setattr(staging, "ALONE", 100)
    monkeypatch.setattr(staging, "STRETCH", 100)
    batch = reserve(1000)
    path = drafts(1000)
    started = []
    plain = staging._worker

    def fragile(place, drafts_path, lock, number):
        process = plain(place, drafts_path, lock, number)
        started.append(process)
        return process

    def strike(done, n):
        for process in started:
            process.kill()

    monkeypatch.setattr(staging, "_worker", fragile)
    verb = {"batch_id": batch.id, "drafts_path": path, "at": AT, "actor": ACTOR}
    with pytest.raises(StagingStopped):
        actions.stage(progress=strike, **verb)
    told = []
    actions.stage(progress=lambda done, n: told.append((done, n)), **verb)
    assert told[-1] == (1000, 1000)
    actions.seal(batch_id=batch.id, at=AT, actor=ACTOR)
    assert queries.verify(payloads=True).problems == ()
