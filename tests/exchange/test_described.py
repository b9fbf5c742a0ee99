"""The API keeps to its own description: every operation, with sound and unsound requests, on a served county."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.homes import Home

COMMAND = Path(sys.executable).with_name("schemathesis")
OPTIONS = [
    "run", "--checks", "all", "--seed", "1", "--phases", "coverage,fuzzing", "--max-examples", "25",
    "--continue-on-failure",
]  # fmt: skip


@pytest.mark.sqlite_story
def test_every_operation_answers_as_described(demo_county: Home, tmp_path: Path) -> None:
    with demo_county.serving("--portal") as address:
        found = subprocess.run(
            [COMMAND, *OPTIONS, f"{address}/api/v1/openapi.json"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert found.returncode == 0, found.stdout
    assert "No issues found" in found.stdout
