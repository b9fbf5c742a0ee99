"""Where and how one upload is checked, and the engine fit for its size."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from zhengxin.intake.types import Source
from zhengxin.lake.engine import Engine, connect, connect_for_few
from zhengxin.subjects.types import Spelling

# Files up to this many bytes are worked on in the calling process.
SMALL = 5 * 1024 * 1024
# What the engine may hold for a big one.
MEMORY_MB = 700


@dataclass(frozen=True)
class Ground:
    """One upload with its folder, source and sender. today: the last day a decision may bear.

    kind: what uploads.kind_of says of the upload, "" where it was not asked yet. spellings: under which names and
    codes the register knows units; sender: the name of the one that sends, collects: whether it does so for others.
    """

    upload: Path
    folder: Path
    source: Source
    unit_id: int
    today: date
    pepper: bytes
    kind: str = ""
    sender: str = ""
    spellings: tuple[Spelling, ...] = ()
    collects: bool = False

    @property
    def small(self) -> bool:
        """Few enough rows to work on in the calling process, with the engine it keeps."""
        return self.upload.stat().st_size <= SMALL

    @property
    def statements(self) -> Path:
        """Where statements compiled for earlier uploads lie."""
        return self.folder.parent / "statements"

    def engine(self) -> Engine:
        """An engine fit for the upload's size."""
        return (
            connect_for_few() if self.small else connect(MEMORY_MB, scratch=self.folder / "scratch")
        )
