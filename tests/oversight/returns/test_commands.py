"""Returns taken away by the command: the summary, one unit's paper, the matrix."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.homes import Home


@pytest.mark.sqlite_story
def test_a_quarter_is_exported_from_the_shell(demo_county: Home, tmp_path: Path) -> None:
    matrix = demo_county.run("returns", "matrix", "--json")
    assert '"quarters"' in matrix
    sheet = tmp_path / "总表.xlsx"
    assert str(sheet) in demo_county.run("returns", "export", sheet)
    assert "xl/workbook.xml" in ZipFile(sheet).namelist()
    county = tmp_path / "通报.docx"
    demo_county.run("returns", "export", county, "--number", "示政公开〔2026〕9号")
    said = ZipFile(county).read("word/document.xml").decode()
    assert "示政公开〔2026〕9号" in said
    own = tmp_path / "住建局.docx"
    demo_county.run("returns", "export", own, "--unit", "县住建局")
    assert "示例县住房和城乡建设局" in ZipFile(own).read("word/document.xml").decode()
    # What is there stays as it is; what cannot be written is told.
    before = own.read_bytes()
    assert "没有导出" in demo_county.run("returns", "export", own, "--unit", "县住建局", fails=True)
    assert own.read_bytes() == before
    wrong = demo_county.run("returns", "export", tmp_path / "总表.pdf", fails=True)
    assert "以.docx或.xlsx结尾" in wrong
    unknown = demo_county.run(
        "returns", "export", tmp_path / "x.docx", "--unit", "没有这个局", fails=True
    )
    assert "没有找到单位" in unknown
