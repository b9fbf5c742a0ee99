"""The bundle's installer refuses what was changed or belongs to another machine; its archive is the same bytes twice."""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bundle() -> ModuleType:
    """The script that makes archives."""
    spec = importlib.util.spec_from_file_location("bundle", ROOT / "deploy" / "bundle.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(bundle, tmp_path) -> Path:
    """What an archive holds, with the wheels left out: filled as for this machine."""
    bundle.download = lambda *_: None
    tree = tmp_path / "tree"
    bundle.fill(tree, platform.machine())
    return tree


def install(tree: Path, target: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "install.sh", str(target)], cwd=tree, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHON": sys.executable},
    )  # fmt: skip


def test_every_file_is_on_the_list_and_nothing_else(tree):
    listed = {line.split("  ", 1)[1] for line in (tree / "SHA256SUMS").read_text().splitlines()}
    there = {str(path.relative_to(tree)) for path in tree.rglob("*") if path.is_file()}
    assert there - listed == {"SHA256SUMS"}
    assert listed <= there
    assert {"source/zhengxin/console/main.py", "source/law/README.md", "install.sh"} <= listed


def test_a_changed_file_is_refused_before_anything_is_written(tree, tmp_path):
    (tree / "source" / "README.md").write_text("changed")
    refused = install(tree, tmp_path / "target")
    assert refused.returncode == 1
    assert "和清单SHA256SUMS不符" in refused.stderr
    assert not (tmp_path / "target").exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("ARCHITECTURE", "m68k\n", "这一包给m68k的机器"),
        ("PYTHON", "2.7\n", "需要带venv的Python 2.7"),
    ],
)
def test_another_machine_is_refused(bundle, tree, tmp_path, name, content, words):
    (tree / name).write_text(content)
    sums = tree / "SHA256SUMS"
    lines = [line for line in sums.read_text().splitlines() if not line.endswith(f"  {name}")]
    sums.write_text("\n".join([*lines, f"{bundle.digest(tree / name)}  {name}", ""]))
    refused = install(tree, tmp_path / "target")
    assert (refused.returncode, words in refused.stderr) == (1, True), refused.stderr
    assert not (tmp_path / "target").exists()


def test_the_same_content_gives_the_same_bytes(bundle, tree, tmp_path):
    bundle.pack(tree, tmp_path / "a.tar.gz")
    again = tmp_path / "again" / tree.name
    shutil.copytree(tree, again)
    os.utime(again / "SHA256SUMS", (1, 1))
    bundle.pack(again, tmp_path / "b.tar.gz")
    assert bundle.digest(tmp_path / "a.tar.gz") == bundle.digest(tmp_path / "b.tar.gz")
