"""Where the files of a submission lie, and the sources in force."""

import json
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from zhengxin.intake.child import as_reading
from zhengxin.intake.ground import Ground
from zhengxin.intake.models import Submission
from zhengxin.intake.sources import SourceUnknown, read_sources
from zhengxin.intake.types import Reading, Source
from zhengxin.ledger.keys import pepper
from zhengxin.subjects.queries import reports_for_others, spellings, subject_names

READING = "reading.json"


def all_sources() -> dict[str, Source]:
    """Every source of the folders in the settings, by name."""
    return read_sources(tuple(Path(folder) for folder in settings.SOURCES_DIRS))


def the_source(name: str) -> Source:
    """One source. Raises SourceUnknown."""
    found = all_sources()
    if name not in found:
        raise SourceUnknown(name, sorted(found))
    return found[name]


def folder_of(submission_id: int) -> Path:
    """The folder of one submission, made private if it is not there yet."""
    folder = Path(settings.SUBMISSIONS_DIR) / str(submission_id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def upload_of(submission_id: int) -> Path:
    """The bytes as received."""
    return folder_of(submission_id) / "upload"


def ground_of(submission: Submission) -> Ground:
    """Where and how this submission is checked."""
    return Ground(
        upload=upload_of(submission.pk),
        folder=folder_of(submission.pk),
        source=the_source(submission.source),
        unit_id=submission.unit_id,
        today=local_day(submission),
        pepper=pepper(),
    )


def with_spellings(ground: Ground) -> Ground:
    """The ground with what tells other units' decisions from the sender's own."""
    return replace(
        ground,
        collects=reports_for_others(ground.unit_id),
        sender=subject_names([ground.unit_id])[ground.unit_id],
        spellings=spellings(ground.unit_id, ground.today),
    )


def local_day(submission: Submission) -> date:
    """The county's day of receipt."""
    return timezone.localtime(submission.received_at).date()


def keep_reading(folder: Path, reading: Reading) -> None:
    """Remember how an upload was read, for the passes to come.

    The table by its name alone, since a home may be restored or moved to another place.
    """
    kept = asdict(reading) | {"path": Path(reading.path).name}
    scratch = folder / f"{READING}.part"
    scratch.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    scratch.replace(folder / READING)


def reading_in(folder: Path) -> Reading:
    """How the upload was read whose files, or whose copies, lie there."""
    reading = as_reading(json.loads((folder / READING).read_text(encoding="utf-8")))
    return replace(reading, path=str(folder / Path(reading.path).name))


def reading_of(submission_id: int) -> Reading:
    """How the upload was read when it was checked, as long as it is not put away."""
    return reading_in(folder_of(submission_id))
