"""The server's log names nobody."""

import io
import logging

import pytest
from django.conf import settings
from django.test import Client

from zhengxin.kernel.leaks import find_id_numbers

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
NUMBER = "210321199001011237"


@pytest.fixture
def written(monkeypatch):
    """What the handler of the settings writes during a test."""
    stream = io.StringIO()
    root = logging.getLogger()
    for handler in root.handlers:
        if type(handler) is logging.StreamHandler:
            monkeypatch.setattr(handler, "stream", stream)
    return stream


def test_an_address_and_an_error_are_written_without_the_number(written):
    assert settings.LOGGING["root"]["handlers"] == ["console"]
    Client().get(f"/nowhere/{NUMBER}/")
    try:
        raise ValueError(f"no such person: {NUMBER}")
    except ValueError:
        logging.getLogger("zhengxin").exception("submission %s", 1)
    text = written.getvalue()
    assert "/nowhere/******************/" in text
    assert "no such person: ******************" in text
    assert find_id_numbers(text) == []
