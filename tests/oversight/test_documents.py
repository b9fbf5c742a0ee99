"""Files of every kind: read the same, or refused with what was found and what to do."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest

from tests.oversight.files import OTHER_PARTS, paragraph, pdf, table, word
from zhengxin.kernel.refused import Refused
from zhengxin.oversight.documents import kinds
from zhengxin.oversight.reading import document_lines, read_plan
from zhengxin.oversight.types import FindingKind

TEXT = """示例县信用建设方案
一、重点任务
（一）归集记录。（牵头单位：县发改局；配合单位：县财政局）
（二）开展承诺。（县发改局、县司法局负责）
"""
LINES = TEXT.splitlines()


def read(folder: Path, content: bytes) -> list[list[str]]:
    """Units of each task of a file with this content; its name tells nothing."""
    path = folder / "upload"
    path.write_bytes(content)
    plan = read_plan(path)
    assert plan.title == "示例县信用建设方案"
    assert [section.level for section in plan.sections] == [1, 2, 2]
    return [[name for _, name in task.units] for task in plan.tasks]


def refusal(folder: Path, content: bytes) -> str:
    path = folder / "upload"
    path.write_bytes(content)
    with pytest.raises(Refused) as caught:
        read_plan(path)
    assert caught.value.what
    assert caught.value.remedy
    return str(caught.value)


EXPECTED = [["县发改局", "县财政局"], ["县发改局", "县司法局"]]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_text_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    assert read(tmp_path, TEXT.encode(encoding)) == EXPECTED
    assert read(tmp_path, TEXT.replace("\n", "\r\n").encode(encoding)) == EXPECTED


def test_word(tmp_path: Path) -> None:
    assert read(tmp_path, word("".join(map(paragraph, LINES)))) == EXPECTED


def test_word_with_automatic_numbers(tmp_path: Path) -> None:
    body = (
        paragraph("示例县信用建设方案")
        + paragraph("重点任务", level=0)
        + paragraph("归集记录。（牵头单位：县发改局；配合单位：县财政局）", level=1)
        + paragraph("开展承诺。（县发改局、县司法局负责）", level=1)
    )
    assert read(tmp_path, word(body, **OTHER_PARTS)) == EXPECTED
    assert document_lines(tmp_path / "upload")[1:3] == [
        "一、重点任务",
        "（一）归集记录。（牵头单位：县发改局；配合单位：县财政局）",
    ]


def test_word_with_a_table_of_tasks(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    rows = [
        ["序号", "重点任务", "牵头单位", "完成时限"],
        ["1", "归集记录", "县发改局、县财政局", "2025年底前"],
        ["2", "开展承诺", "县司法局", "长期坚持"],
    ]
    path.write_bytes(word(paragraph("示例县信用任务清单") + table(rows)))
    plan = read_plan(path)
    assert [task.lead_units for task in plan.tasks] == [("县发改局", "县财政局"), ("县司法局",)]
    assert plan.tasks[0].terms[0].year == 2025
    assert plan.findings[0].kind is FindingKind.READ_FROM_TABLE


def test_word_with_tracked_changes_is_refused(tmp_path: Path) -> None:
    run = "<w:r><w:t>县财政局</w:t></w:r>"
    for change in (f"<w:ins>{run}</w:ins>", "<w:del><w:r><w:delText>x</w:delText></w:r></w:del>"):
        body = "".join(map(paragraph, LINES)) + f"<w:p>{change}</w:p>"
        said = refusal(tmp_path, word(body))
        assert "修订" in said
        assert "共1处" in said
        assert "接受或拒绝" in said


def test_a_web_page(tmp_path: Path) -> None:
    page = "<html><head><title>x</title></head><body><script>一、假的</script><h1>{}</h1>{}</body></html>"
    body = "".join(f"<p>{line}</p>" for line in LINES[1:])
    for encoding, named in (("utf-8", "utf-8"), ("gb18030", "gb2312")):
        marked = page.format(LINES[0], body).replace("<head>", f'<head><meta charset="{named}">')
        assert read(tmp_path, marked.encode(encoding)) == EXPECTED


def test_a_table_in_a_web_page_with_cells_that_reach_down(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_text(
        "<table><tr><th>任务</th><th>责任单位</th></tr><tr><td>归集</td><td rowspan=2>县发改局<br>、县财政局</td></tr>"
        "<tr><td>公示</td></tr></table>",
        encoding="utf-8",
    )
    tasks = read_plan(path).tasks
    assert [task.text for task in tasks] == ["归集", "公示"]
    assert [task.responsible_units for task in tasks] == [("县发改局", "县财政局")] * 2


def test_pdf_with_text(tmp_path: Path) -> None:
    assert read(tmp_path, pdf(LINES)) == EXPECTED


def locked(password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(LINES)))
    writer.encrypt(password, "owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_locked_pdf_is_refused_and_one_that_opens_is_read(tmp_path: Path) -> None:
    said = refusal(tmp_path, locked("secret"))
    assert "加了密码" in said
    assert "不加密的PDF" in said
    assert read(tmp_path, locked("")) == EXPECTED


def test_a_scan_is_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path, pdf([]))
    assert "没有文字，是扫描件" in said
    assert "文字识别" in said


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "文件是空的"),
        (b"\xef\xbb\xbf\r\n", "文件是空的"),
        (b"\x89PNG\r\n", "图片"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "旧版Word"),
        (b"{\\rtf1 text}", "RTF"),
        (b"Rar!\x1a", "压缩包"),
        (b"PK\x03\x04 broken", "已损坏"),
        (zipped(xl__workbook_xml=b""), "电子表格"),
        (zipped(OFD_xml=b""), "OFD"),
        (zipped(readme=b""), "压缩包"),
        (zipped(word__document_xml=b"<broken"), "已损坏"),
        (b"%PDF-1.7 broken", "PDF文件已损坏"),
        (bytes(range(256)) * 8, "二进制文件"),
        ("一、目标".encode() + b"\xff\xfe\xfa\x80 \x81", "编码认不出来"),
        ("序号,任务,单位\n1,a,b\n2,c,d\n3,e,f\n".encode(), "这是表格（CSV，4行3列）"),
        ("名称\t数量\n笔\t3\n纸\t5\n".encode(), "只有表格"),
        ("春眠不觉晓，处处闻啼鸟。".encode(), "这不是工作方案"),
        (b"Nothing Chinese in here at all.", "这不是工作方案"),
    ],
)
def test_everything_else_is_named_and_refused(tmp_path: Path, content: bytes, says: str) -> None:
    assert says in refusal(tmp_path, content)


def test_external_entities_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("县机密局")
    document = (
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:body></w:document>"
    )
    said = refusal(tmp_path, zipped(word__document_xml=document.encode()))
    assert "已损坏" in said
    assert "机密" not in said


def test_what_unpacks_too_big_is_refused(tmp_path: Path) -> None:
    bomb = zipped(word__document_xml=b" " * (kinds.MAX_UNPACKED + 1))
    assert len(bomb) < 1_000_000
    assert "展开后过大" in refusal(tmp_path, bomb)


def test_a_text_of_millions_is_refused(tmp_path: Path) -> None:
    assert "过大" in refusal(tmp_path, "一、任务。\n".encode() * (kinds.MAX_CHARACTERS // 5))


def test_the_table_of_points_is_refused(shared_data: Path) -> None:
    with pytest.raises(kinds.DocumentRefused, match="这是表格"):
        read_plan(shared_data / "plans" / "shicheng_2018_township_river_scoring.csv")


def test_one_plan_reads_the_same_in_every_form(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data.parent / "plan" / "taian-2018.txt"
    text = path.read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    forms: dict[str, Callable[[], bytes]] = {
        "gb18030": lambda: text.encode("gb18030"),
        "word": lambda: word("".join(map(paragraph, lines))),
        "page": lambda: ("<html><body>" + "".join(f"<p>{line}</p>" for line in lines)).encode(),
        "pdf": lambda: pdf(lines, width=30),
    }
    expected = [task.units for task in read_plan(path).tasks]
    for name, make in forms.items():
        copy = tmp_path / name
        copy.write_bytes(make())
        plan = read_plan(copy)
        assert (name, plan.title) == (name, "台安县加强政务诚信建设工作方案")
        assert [task.units for task in plan.tasks] == expected, name
