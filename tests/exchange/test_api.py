"""The API: pages without a ceiling, keys for adverse entries, refusals people can read."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from tests.portal.boards import API_KEY, FIRM, HONOUR, LICENCE, PENALTY, RECIPIENT, UNIT
from zhengxin.publication.board import models

pytestmark = [
    pytest.mark.django_db(databases=["board"]),
    pytest.mark.usefixtures("board"),
    pytest.mark.urls("zhengxin.config.portal_urls"),
]
KEYED = {"Authorization": f"Bearer {API_KEY}"}


def ids(answer):
    assert answer.status_code == 200, answer.content.decode()
    return [item["entry"]["id"] for item in answer.json()["items"]]


def refused(answer, status):
    assert answer.status_code == status
    body = answer.json()
    assert set(body) == {"what", "why", "remedy"}
    assert all(body.values())
    return body


def test_non_adverse_entries_are_free(client):
    assert ids(client.get("/api/v1/entries")) == [HONOUR, LICENCE]


def test_adverse_entries_need_a_key(client):
    for adverse in ("only", "all"):
        answer = client.get(f"/api/v1/entries?adverse={adverse}")
        refused(answer, 401)
        assert answer["WWW-Authenticate"] == "Bearer"
    assert ids(client.get("/api/v1/entries?adverse=only", headers=KEYED)) == [PENALTY]
    assert ids(client.get("/api/v1/entries?adverse=all", headers=KEYED)) == [
        HONOUR,
        PENALTY,
        LICENCE,
    ]


@pytest.mark.parametrize("given", ["Bearer wrong", "Bearer", f"Basic {API_KEY}"])
def test_a_wrong_key_is_refused_even_for_free_entries(client, given):
    refused(client.get("/api/v1/entries", headers={"Authorization": given}), 401)


def test_a_registration_that_ended_opens_nothing(client):
    models.RecipientKey.objects.update(ended_at="2026-11-01T00:00:00Z")
    refused(client.get("/api/v1/entries?adverse=only", headers=KEYED), 401)


def test_adverse_entries_given_under_a_key_leave_a_line(client):
    for free in ("/api/v1/entries", f"/api/v1/entries/{LICENCE}"):
        client.get(free, headers=KEYED)
    assert not models.BoardTaking.objects.exists()
    for address in (
        "/api/v1/entries?adverse=all",
        f"/api/v1/entries/{PENALTY}",
        f"/api/v1/entries/{PENALTY}/proof",
        f"/api/v1/subjects/{FIRM}",
    ):
        assert client.get(address, headers=KEYED).status_code == 200
    lines = models.BoardTaking.objects.order_by("id")
    assert [line.asked for line in lines] == ["entries", "entry", "proof", "subject"]
    told = {(line.recipient_id, line.first_id, line.last_id, line.n) for line in lines}
    assert told == {(RECIPIENT, PENALTY, PENALTY, 1)}
    with pytest.raises(IntegrityError), transaction.atomic(using="board"):
        lines.delete()


def test_what_cannot_be_noted_is_not_given(client, monkeypatch):
    def full(**_):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("zhengxin.exchange.api.note_taking", full)
    refused(client.get("/api/v1/entries?adverse=only", headers=KEYED), 503)
    assert ids(client.get("/api/v1/entries", headers=KEYED)) == [HONOUR, LICENCE]


def test_pages_follow_one_another_to_the_end(client):
    address, seen = "/api/v1/entries?adverse=all&limit=1", []
    while address:
        answer = client.get(address, headers=KEYED)
        seen += ids(answer)
        address = answer.json()["next"]
    assert seen == [HONOUR, PENALTY, LICENCE]


def test_filters(client):
    assert ids(client.get("/api/v1/entries?kind=honour")) == [HONOUR]
    assert ids(client.get("/api/v1/entries?since=2026-11-20")) == []
    assert ids(client.get("/api/v1/entries?since=2026-11-19")) == [HONOUR, LICENCE]
    assert ids(client.get(f"/api/v1/entries?unit={UNIT + 1}")) == []


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "after=-1", "adverse=maybe", "since=gestern", "kind=A%00"]
)
def test_wrong_parameters_are_named_in_chinese(client, query):
    body = refused(client.get(f"/api/v1/entries?{query}"), 422)
    assert query.split("=")[0] in body["why"]


def test_an_entry_comes_with_fields_basis_and_grounds(client):
    body = client.get(f"/api/v1/entries/{PENALTY}", headers=KEYED).json()
    assert {"code": "CF_SY", "label": "违法事实", "value": "销售超过保质期的酸奶12盒。"} in body[
        "fields"
    ]
    assert body["withheld"][0]["reason"] == "个人隐私"
    assert body["article"].startswith("信用修复管理办法")
    assert "没有放开的说明" not in str(body)


def test_an_adverse_entry_needs_a_key_and_a_missing_one_says_nothing(client):
    refused(client.get(f"/api/v1/entries/{PENALTY}"), 401)
    refused(client.get(f"/api/v1/entries/{PENALTY}/proof"), 401)
    hidden = refused(client.get("/api/v1/entries/1"), 404)
    assert refused(client.get("/api/v1/entries/999999"), 404) == hidden
    refused(client.get(f"/api/v1/entries/{10**30}"), 422)


def test_the_proof_is_whole(client):
    body = client.get(f"/api/v1/entries/{LICENCE}/proof").json()
    assert body["disclosure"]["leaf"]["id"] == LICENCE
    assert body["note"].startswith("zhengxin.example/register\n303\n")


def test_units_subjects_and_search(client):
    units = client.get("/api/v1/units").json()
    assert {unit["id"] for unit in units} == {2, UNIT}
    assert {unit["counted_at"][:10] for unit in units} == {"2026-11-19"}
    open_ids = [e["id"] for e in client.get(f"/api/v1/subjects/{FIRM}").json()["items"]]
    assert open_ids == [LICENCE]
    keyed = client.get(f"/api/v1/subjects/{FIRM}", headers=KEYED).json()["items"]
    assert [e["id"] for e in keyed] == [LICENCE, PENALTY]
    found = client.get("/api/v1/search?q=河东").json()
    assert [s["id"] for s in found["subjects"]] == [FIRM]
    assert [e["id"] for e in found["items"]] == [LICENCE]
    refused(client.get("/api/v1/search?q=河"), 422)
    refused(client.get("/api/v1/subjects/999"), 404)


def test_corrections_are_a_feed(client):
    body = client.get("/api/v1/corrections").json()
    assert body["items"][0]["replaced_by"] == LICENCE
    assert body["next"] is None
    last = body["items"][0]["id"]
    assert client.get(f"/api/v1/corrections?after={last}").json()["items"] == []


def test_what_was_over_yesterday_is_given_to_nobody_though_no_daily_step_ran(client):
    yesterday = timezone.localdate() - timedelta(days=1)
    models.BoardItem.objects.filter(entry_id=PENALTY).update(shown_to=yesterday)
    for address in (
        "/api/v1/entries?adverse=all",
        f"/api/v1/subjects/{FIRM}",
        "/api/v1/search?q=河东",
        "/api/v1/search?q=示市监罚〔2026〕77号",
    ):
        answer = client.get(address, headers=KEYED)
        assert answer.status_code == 200
        assert "销售超过保质期食品" not in answer.content.decode(), address
    for address in (f"/api/v1/entries/{PENALTY}", f"/api/v1/entries/{PENALTY}/proof"):
        refused(client.get(address, headers=KEYED), 404)


def test_the_tree_can_be_followed(client):
    assert client.get("/api/v1/checkpoint").json()["size"] == 303
    assert len(client.get("/api/v1/tile/0/0").content) == 256 * 32
    assert len(client.get("/api/v1/tile/0/1").content) == 47 * 32
    assert len(client.get("/api/v1/tile/1/0").content) == 32
    refused(client.get("/api/v1/tile/2/0"), 404)


def test_corrections_can_be_subscribed_to(client):
    models.BoardCorrection.objects.create(
        at="2026-11-20T02:00:00Z", entry_id=13, reason="erased", replaced_by=None
    )
    models.BoardCorrection.objects.create(
        at="2026-11-21T02:00:00Z", entry_id=14, reason="superseded", replaced_by=999
    )
    answer = client.get("/corrections.atom")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    atom = "{http://www.w3.org/2005/Atom}"
    assert feed.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "zh-CN"
    entries = feed.findall(f"{atom}entry")
    assert [entry.findtext(f"{atom}title") for entry in entries] == [
        "第14号记录已撤下，由第999号更正",
        "第13号记录已撤下",
        f"第12号记录已撤下，由第{LICENCE}号更正",
    ]
    assert entries[1].findtext(f"{atom}summary") == "原因：内容已依法删除。"
    assert entries[1].findtext(f"{atom}updated") == "2026-11-20T02:00:00+00:00"
    links = [entry.find(f"{atom}link").attrib["href"] for entry in entries]
    # What replaced it is linked only while it is shown itself.
    assert links[2] == f"http://testserver/entries/{LICENCE}/"
    assert "/api/v1/corrections?after=" in links[0]
    assert len({entry.findtext(f"{atom}id") for entry in entries}) == 3
    assert feed.findtext(f"{atom}updated")
    for page in ("/", "/data/"):
        assert 'type="application/atom+xml"' in client.get(page).content.decode()
    assert ">/corrections.atom</a>" in client.get("/data/").content.decode()


def test_downloads_are_files_of_the_folder_and_nothing_else(client, settings, tmp_path):
    settings.DOWNLOADS_DIR = tmp_path / "downloads"
    assert client.get("/api/v1/downloads").json() == {"items": []}
    settings.DOWNLOADS_DIR.mkdir()
    (settings.DOWNLOADS_DIR / "licence.csv").write_text("编号\n1\n")
    (settings.DOWNLOADS_DIR / "secret.key").write_text("x")
    (tmp_path / "other.csv").write_text("x")
    listed = client.get("/api/v1/downloads").json()["items"]
    assert [file["name"] for file in listed] == ["licence.csv"]
    answer = client.get(listed[0]["address"])
    assert b"".join(answer.streaming_content).decode() == "编号\n1\n"
    assert answer["Content-Type"].startswith("text/csv")
    for name in ("secret.key", "..%2Fother.csv", "nothing.csv"):
        refused(client.get(f"/api/v1/downloads/{name}"), 404)
    assert "licence.csv" in client.get("/data/").content.decode()


def test_the_description_declares_every_refusal(client):
    schema = client.get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    for path, methods in schema["paths"].items():
        assert set(methods) == {"get"}
        answers = methods["get"]["responses"]
        if methods["get"].get("parameters"):
            assert "422" in answers, path
        for status, answer in answers.items():
            if status != "200":
                assert answer["content"]["application/json"]["schema"]["$ref"].endswith(
                    "RefusalOut"
                )
    assert client.get("/api/v1/docs").status_code == 404


@pytest.mark.parametrize("since", ["0001-01-01", "9999-12-31", "zzz"])
def test_a_day_beyond_every_record_is_refused(client, since):
    refused(client.get("/api/v1/entries", {"since": since}), 422)


@pytest.mark.parametrize("path", ["entries", "entries/1", "corrections", "no/such"])
def test_another_method_is_refused_in_chinese(client, path):
    answer = client.post(f"/api/v1/{path}", {"x": 1}, content_type="application/json")
    assert (answer.status_code, answer["Allow"]) == (405, "GET")
    told = answer.json()
    assert told["why"] == "这个地址不收POST请求。"
    assert set(told) == {"what", "why", "remedy"}


@pytest.mark.parametrize(
    ("address", "unknown", "instead"),
    [
        ("entries?page=2", "page", "after"),
        ("corrections?page=2", "page", "after"),
        (f"subjects/{FIRM}?page=2", "page", "before"),
        ("search?q=示例&page=2", "page", "q"),
        ("units?limit=5", "limit", "没有参数"),
        ("downloads?form=csv", "form", "没有参数"),
        ("entries?kinds=honour&colour=red", "kinds、colour", "kind"),
    ],
)
def test_an_unknown_parameter_is_named_and_what_there_is(client, address, unknown, instead):
    body = refused(client.get(f"/api/v1/{address}"), 400)
    assert f"不认识参数{unknown}。" in body["what"]
    assert instead in body["why"] + body["remedy"]


@pytest.mark.parametrize("address", ["/api", "/api/", "/api/v1/", "/api/v2/entries", "/api/v1/no"])
def test_every_unknown_address_of_the_api_is_answered_in_json(client, address):
    answer = client.get(address)
    assert answer["Content-Type"].startswith("application/json")
    assert "openapi.json" in refused(answer, 404)["remedy"]
