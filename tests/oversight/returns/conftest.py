"""The county of these stories."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.oversight.returns.story import Story


@pytest.fixture(autouse=True)
def own_folders(settings: LazySettings, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path / "keys"
    settings.SUBMISSIONS_DIR = tmp_path / "submissions"


@pytest.fixture
def story() -> Story:
    """Four units, eight people, a confirmed plan of three mandates."""
    return Story().build()
