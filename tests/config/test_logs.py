"""The server's log names nobody, whatever is sent to it or goes wrong in it."""

import io
import json
import logging

import pytest
from django.conf import settings
from django.test import Client

from zhengxin.config.logs import JsonFormatter, TextFormatter, masked, said
from zhengxin.kernel.leaks import find_id_numbers

NUMBER = "210321199001011237"
MOBILE = "13812345678"
CARD = "6222021234567890128"


def line(error: BaseException | None = None, message: str = "x", *args: object, name="zhengxin"):
    """One record as each formatter writes it."""
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(name, logging.ERROR, "x.py", 1, message, args, info)
    return json.loads(JsonFormatter().format(record)), TextFormatter().format(record)


def raised(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as caught:
        return caught


def test_a_line_is_one_object_with_chinese_as_it_is():
    made, _ = line(None, "批次 %s", "1120-0107")
    assert made["message"] == "批次 1120-0107"
    assert {"time", "level", "logger", "message"} <= set(made)
    record = logging.LogRecord("zhengxin", logging.INFO, "x.py", 1, "批次", (), None)
    assert "批次" in JsonFormatter().format(record)
    assert "\n" not in JsonFormatter().format(record)


@pytest.mark.parametrize(
    "number",
    [NUMBER, MOBILE, CARD, "138-1234-5678", "+86 138 1234 5678", "6222 0212 3456 7890 128",
     "２１０３２１１９９００１０１１２３７", "210321********1237", "21032119900101123X", "第13812345678号"],
)  # fmt: skip
def test_numbers_of_persons_are_masked_in_own_words_and_others(number):
    for told in (masked(f"号码{number}。"), said(f"value {number} bad")):
        assert number not in told
        assert "1237" not in told or "*" in told
        assert "12345678" not in told.replace(" ", "").replace("-", "")


def test_of_an_exceptions_words_only_what_cannot_name_anybody_stays():
    error = raised(
        ValueError(f"could not read '王小明' of 王小明 {NUMBER}: row 7 of \"李四.xlsx\"")
    )
    made, text = line(error, "submission %s", 3)
    for told in (json.dumps(made, ensure_ascii=False), text):
        assert not any(name in told for name in ("王小明", "李四", NUMBER))
        assert "row 7" in told
        assert "ValueError" in told
        assert "test_logs.py" in told


def test_values_a_database_repeats_are_left_out():
    error = raised(
        RuntimeError("duplicate key\nDETAIL:  Key (name, mobile)=(zhang san, 1) exists.")
    )
    made, text = line(error)
    for told in (json.dumps(made), text):
        assert "zhang san" not in told
        assert "duplicate key" in told


def test_a_cause_is_told_and_a_ring_of_causes_ends():
    first, second = raised(KeyError("k")), raised(OSError(28, "No space left on device"))
    first.__cause__, second.__cause__ = second, first
    made, _ = line(first)
    assert "OSError: [Errno 28] No space left on device" in made["trace"]


def test_a_stranger_cannot_forge_a_line():
    made, text = line(None, "name %s", "x\nERROR zhengxin forged\r\u2028")
    assert "\n" not in text
    assert text.count("ERROR") == 2
    assert made["message"] == "name x ERROR zhengxin forged  "


@pytest.mark.django_db(databases=["default", "keys", "board"])
def test_django_says_what_happened_and_not_at_which_address(monkeypatch):
    stream = io.StringIO()
    for handler in logging.getLogger().handlers:
        if type(handler) is logging.StreamHandler:
            monkeypatch.setattr(handler, "stream", stream)
    assert settings.LOGGING["root"]["handlers"] == ["console"]
    Client().get(
        f"/nowhere/{NUMBER}/王小明/?name=王小明", HTTP_REFERER="王小明".encode().decode("latin1")
    )
    Client().get("/", headers={"host": f"{MOBILE}.example"})
    Client(enforce_csrf_checks=True).post(
        "/desk/sign-in/", {"username": "王小明"}, headers={"origin": "null"}
    )
    text = stream.getvalue()
    assert "Not Found" in text
    assert "Invalid HTTP_HOST header" in text
    assert "Forbidden" in text
    assert not any(told in text for told in ("nowhere", "王小明", NUMBER, MOBILE, "origin", "null"))
    assert find_id_numbers(text) == []
