"""The desk's small county, and keys of its own."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.desk.conftest import county, quick_passwords

__all__ = ["county", "quick_passwords"]


@pytest.fixture(autouse=True)
def own_keys(settings: LazySettings, tmp_path: Path) -> None:
    """The ledger's keys go into a folder of the test."""
    settings.KEYS_DIR = tmp_path / "keys"
