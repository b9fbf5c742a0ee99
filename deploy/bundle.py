"""Makes an archive for a machine without network: the sources, every wheel by its hash, an installer, a list of digests.

Usage: python deploy/bundle.py FOLDER [x86_64 aarch64 ...]. BUNDLE_PYTHON names the target's Python (3.11). Needs git and
pip; the wheels come from wherever pip is configured to look, checked against requirements/*.txt.
"""

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = os.environ.get("BUNDLE_PYTHON", "3.11")
# All of base.txt, and the driver of PostgreSQL.
LOCKED = "postgres.txt"
ARCHITECTURES = ("x86_64", "aarch64")
# Oldest first: what runs on glibc 2.17 runs on 2.28 too.
PLATFORMS = ("manylinux2014_{}", "manylinux_2_17_{}", "manylinux_2_28_{}")


def main() -> None:
    """One archive an architecture, with its digest on the standard output."""
    place = Path(sys.argv[1])
    place.mkdir(parents=True, exist_ok=True)
    for architecture in sys.argv[2:] or ARCHITECTURES:
        with tempfile.TemporaryDirectory() as folder:
            tree = Path(folder) / f"zhengxin-{version()}-{architecture}"
            fill(tree, architecture)
            archive = place / f"{tree.name}.tar.gz"
            pack(tree, archive)
        print(f"{digest(archive)}  {archive}")


def version() -> str:
    """The program's version."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def fill(tree: Path, architecture: str) -> None:
    """Puts everything an archive holds into `tree`."""
    source = tree / "source"
    source.mkdir(parents=True)
    archived = subprocess.run(
        ["git", "archive", "HEAD"], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    subprocess.run(["tar", "-x", "-C", source], input=archived.stdout, check=True)
    download(source / "requirements" / LOCKED, tree / "wheels", architecture)
    (tree / "ARCHITECTURE").write_text(f"{architecture}\n")
    (tree / "PYTHON").write_text(f"{PYTHON}\n")
    shutil.copy(source / "deploy" / "install.sh", tree / "install.sh")
    files = sorted(path for path in tree.rglob("*") if path.is_file())
    lines = [f"{digest(path)}  {path.relative_to(tree)}\n" for path in files]
    (tree / "SHA256SUMS").write_text("".join(lines))


def download(requirements: Path, wheels: Path, architecture: str) -> None:
    """Every wheel of a locked file for that architecture; one that is missing or differs ends it."""
    command = [
        sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check",
        "--require-hashes", "--no-deps", "--only-binary", ":all:", "--python-version", PYTHON,
        "--implementation", "cp", "--abi", "cp" + PYTHON.replace(".", ""), "--abi", "abi3", "--abi", "none",
        "-r", str(requirements), "-d", str(wheels),
    ]  # fmt: skip
    for platform in PLATFORMS:
        command += ["--platform", platform.format(architecture)]
    subprocess.run(command, check=True)


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pack(tree: Path, archive: Path) -> None:
    """The tree as a .tar.gz that is the same bytes for the same content."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = entry.mtime = 0
        entry.uname = entry.gname = ""
        entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
        return entry

    with (
        archive.open("wb") as raw,
        gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="", compresslevel=6) as packed,
        tarfile.open(fileobj=packed, mode="w") as tar,
    ):
        for path in [tree, *sorted(tree.rglob("*"))]:
            tar.add(path, path.relative_to(tree.parent), recursive=False, filter=plain)


if __name__ == "__main__":
    main()
