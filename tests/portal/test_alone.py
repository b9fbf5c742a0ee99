"""The portal as a process of its own: a board, and nothing else to open or to steal."""

import os
import subprocess
import sys
import textwrap

VISIT = """
import re
import sys
from pathlib import Path

import django

django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client

call_command("migrate", database="board", verbosity=0)
sys.path.insert(0, {root!r})
from tests.portal.boards import LICENCE, PENALTY, UNIT, fill_board

fill_board()
client = Client(headers={{"host": "127.0.0.1"}})
for address in (
    "/", "/units/", f"/units/{{UNIT}}/", "/items/", f"/entries/{{PENALTY}}/", "/search/?q=河东",
    "/withheld/", "/verify/", "/about/", "/data/", "/accessibility/", "/api/v1/entries",
    f"/api/v1/entries/{{LICENCE}}/proof", "/static/zhengxin/proof/page.js",
    "/log/witness.py",
):
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    assert not answer.cookies
    assert b"/desk/" not in b"".join(answer), address
from zhengxin.kernel.letters import public_key, unseal
from zhengxin.publication.board.models import BoardFigure, BoardLetter

private = bytes(range(32))
BoardFigure.objects.using("board").update_or_create(
    name="letter_key",
    defaults={{"value": public_key(private).hex(), "computed_at": "2026-11-20T00:00Z"}},
)
said = {{
    "claim": "罚款多写了一位", "kind": "person", "name": "某某", "phone": "0000-123456",
}}
answer = client.post(f"/entries/{{PENALTY}}/object/", said)
assert answer.status_code == 200, answer.status_code
assert not answer.cookies
assert "罚款多写了一位" in unseal(private, bytes(BoardLetter.objects.get().sealed)).decode()
code = re.search('fs-4">([2-9A-Z]{{16}})<', answer.content.decode())[1]
assert client.post("/objection/", {{"code": code}}).status_code == 200
assert client.get("/desk/").status_code == 404
rooms = {{name.split(".")[1] for name in sys.modules if name.startswith("zhengxin.")}}
assert not rooms & {{"accounts", "objections", "intake", "journey", "desk", "subjects", "duties", "archive"}}, rooms
assert "django.contrib.sessions" not in settings.INSTALLED_APPS
print(sorted(path.name for path in Path(settings.ZHENGXIN_HOME).iterdir()))
"""


def test_it_serves_with_the_board_alone(tmp_path, request):
    script = tmp_path / "visit.py"
    script.write_text(textwrap.dedent(VISIT).format(root=str(request.config.rootpath)))
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "ZHENGXIN_KEYS_URL", "ZHENGXIN_BOARD_URL")
    }
    environment |= {
        "DJANGO_SETTINGS_MODULE": "zhengxin.config.portal_settings",
        "ZHENGXIN_HOME": str(tmp_path / "home"),
    }
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=request.config.rootpath,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    kept = done.stdout.splitlines()[-1]
    assert "board.sqlite3" in kept
    assert "keys" not in kept
    assert "zhengxin.sqlite3" not in kept
