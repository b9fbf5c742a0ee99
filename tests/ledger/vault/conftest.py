"""Each test starts as a process would: with nothing opened."""

from collections.abc import Iterator

import pytest

from zhengxin.ledger.vault import keyring


@pytest.fixture(autouse=True)
def fresh_process(settings, tmp_path) -> Iterator[None]:
    """Keys of its own in a folder of its own, and no key in memory."""
    settings.KEYS_DIR = tmp_path / "keys"
    keyring.forget()
    yield
    keyring.forget()
