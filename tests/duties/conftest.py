"""A small county and keys of its own."""

import pytest

from tests.publication.county import County


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    settings.DOWNLOADS_DIR = tmp_path / "downloads"


@pytest.fixture
def county():
    return County()
