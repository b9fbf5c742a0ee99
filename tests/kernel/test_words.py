"""Names, document numbers, digests, refusals, actors."""

import hashlib
from decimal import Decimal
from pathlib import Path

import pytest

from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.digests import NotCanonical, canonical_json, file_digest, sha256_hex
from zhengxin.kernel.documents import DocumentNumberUnclear, parse_document_number
from zhengxin.kernel.names import fold_name, name_grams
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("示例（县）建设公司", "示例(县)建设公司"),
        ("示例县 发改局", "示例县\u3000发改局"),
        ("买买提·艾力", "买买提•艾力"),
        ("买买提·艾力", "买买提・艾力"),
        ("买买提·艾力", "买买提．艾力"),
        ("买买提·艾力", "买买提.艾力"),
        ("买买提·艾力", "买买提‧艾力"),
        ("ＡＢＣ公司", "abc公司"),
        ("示例\u200b县", "示例县"),
        ("葛\U000e0100城", "葛城"),
    ],
)
def test_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def test_folding_keeps_rare_characters_and_is_stable() -> None:
    rare = "\U00020087\U0002a6a5𠮷㑇"
    assert fold_name(rare) == rare
    assert fold_name(fold_name("ＡＢ（·）")) == fold_name("ＡＢ（·）")


def test_different_names_stay_different() -> None:
    assert fold_name("示例县财政局") != fold_name("示例县审计局")


def test_grams() -> None:
    assert name_grams("财 政局") == {"财政", "政局"}
    assert name_grams("𠮷") == {"𠮷"}
    assert name_grams(" ") == set()


@pytest.mark.parametrize(
    "text",
    [
        "示住建罚〔2026〕18号",
        "示住建罚[2026]18号",
        "示住建罚(2026)18号",
        "示住建罚（２０２６）１８号",
        "示住建罚【2026】第18号",
        "示住建罚〔2026〕018号",
        " 示住建罚 〔 2026 〕 18 号 ",
        "示住建罚〔2026年〕18号",
    ],
)
def test_document_number_has_one_form(text: str) -> None:
    number = parse_document_number(text)
    assert number.text == "示住建罚〔2026〕18号"
    assert (number.prefix, number.year, number.number) == ("示住建罚", 2026, "18")
    assert number.raw == text
    assert not number.court


def test_court_and_other_numbers() -> None:
    court = parse_document_number("(2026)辽0321执18号之一")
    assert court.court
    assert court.text == "（2026）辽0321执18号之一"
    assert parse_document_number("示市监处罚〔2025〕A12-3号").number == "A12-3"


@pytest.mark.parametrize("text", ["", "18号", "示住建罚2026-18", "示住建罚〔26〕18号"])
def test_unclear_document_number_is_refused(text: str) -> None:
    with pytest.raises(DocumentNumberUnclear, match="无法识别"):
        parse_document_number(text)


def test_canonical_json_is_one_form() -> None:
    assert (
        canonical_json({"b": [1, None, True], "a": "县"}) == '{"a":"县","b":[1,null,true]}'.encode()
    )
    assert canonical_json({"a": 1, "b": 2}) == canonical_json({"b": 2, "a": 1})


@pytest.mark.parametrize("value", [1.0, {"a": [0.5]}, {1: "a"}, Decimal("1"), {"a": b"x"}])
def test_canonical_json_refuses_what_has_no_one_form(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical_json(value)


def test_digest_of_a_file_is_the_digest_of_its_bytes(tmp_path: Path) -> None:
    data = b"\x00" * 3_000_000 + "县".encode()
    path = tmp_path / "file"
    path.write_bytes(data)
    assert file_digest(path) == sha256_hex(data) == hashlib.sha256(data).hexdigest()


def test_refused_joins_its_sentences() -> None:
    refused = Refused("未收下。", "文件是空的。", "请重新导出后再报。")
    assert str(refused) == "未收下。文件是空的。请重新导出后再报。"
    assert (refused.what, refused.why, refused.remedy) == refused.args
    assert str(Refused("未收下。")) == "未收下。"


def test_say_fills_places() -> None:
    assert say("应为{n}位", n=18) == "应为18位"
    with pytest.raises(KeyError):
        say("应为{n}位")


def test_actor_roles() -> None:
    actor = Actor(1, "张某", 2, frozenset({Role.CLERK}))
    assert actor.has(Role.LEADER, Role.CLERK)
    assert not actor.has(Role.LEADER)
    job = Actor.system("每日公示")
    assert job.has(Role.SYSTEM)
    assert job.account_id is None


def test_every_role_has_a_chinese_label() -> None:
    labels = [role.label for role in Role]
    assert len(set(labels)) == len(labels)
    assert Role.AUDIT_ADMIN.label == "审计管理员"
