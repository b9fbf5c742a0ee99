"""Generated parts of the documents are what the code says today; the glossary covers every label."""

from pathlib import Path

import pytest

from zhengxin.console import diagrams

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(ROOT.joinpath("docs").rglob("*.md"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_generated_parts_are_up_to_date(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert diagrams.renewed(text) == text, "run: python -m zhengxin.console.diagrams"


def test_both_documents_carry_their_block() -> None:
    assert "stateDiagram-v2" in ROOT.joinpath("docs/journey.md").read_text(encoding="utf-8")
    assert "SubmissionState.RECEIVED" in ROOT.joinpath("docs/glossary.md").read_text(
        encoding="utf-8"
    )


def test_the_glossary_covers_every_label() -> None:
    glossary = ROOT.joinpath("docs/glossary.md").read_text(encoding="utf-8")
    missing = [
        f"{found.__name__}.{state.name}"
        for _, found in diagrams.enums()
        for state in found
        if str(state.label) not in glossary  # type: ignore[attr-defined]
    ]
    assert missing == []


def test_every_transition_leads_to_a_known_state() -> None:
    from zhengxin.intake.enums import TRANSITIONS, SubmissionState

    assert set(TRANSITIONS) == set(SubmissionState)
    diagram = diagrams.state_diagram(TRANSITIONS)
    assert diagram.count("-->") == sum(map(len, TRANSITIONS.values())) + 1 + sum(
        not allowed for allowed in TRANSITIONS.values()
    )


def test_links_between_documents_lead_somewhere() -> None:
    import re

    broken = []
    for path in [ROOT / "README.md", *DOCUMENTS]:
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
            if "://" not in target and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)}: {target}")
    assert broken == []
