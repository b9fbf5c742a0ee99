"""Bad files get a clear refusal, and odd but readable ones are read whole."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.intake.files import (
    FIRM,
    PEPPER,
    TODAY,
    Found,
    check_bytes,
    csv_text,
    sound_row,
    table,
    the_source,
)
from zhengxin.intake import checking, child, uploads
from zhengxin.intake.ground import Ground
from zhengxin.kernel.refused import Refused

TWO = table([sound_row(1), sound_row(2)])


def refusal(folder: Path, content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        check_bytes(folder, content)
    assert caught.value.what
    assert caught.value.remedy
    assert "！" not in str(caught.value)
    assert not [path for path in folder.iterdir() if path.suffix == ".parquet"]
    return str(caught.value)


def workbook(cells: list[list[object]], change: Callable[[Workbook], None] | None = None) -> bytes:
    book = Workbook()
    for row in cells:
        book.active.append(row)
    if change is not None:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "文件是空的"),
        (b"\xef\xbb\xbf\r\n\r\n", "文件是空的"),
        (b"<!DOCTYPE html><html><body>x</body></html>", "网页"),
        (b"\xef\xbb\xbf  <html>", "网页"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "旧版Excel"),
        ("列,名".encode("utf-16"), "UTF-16"),
        ("CF_WSH,CF_XDR_MC\n1,2\n".encode("utf-16-le"), "UTF-16"),
        (b"PK\x03\x04 not really", "已损坏"),
        (b"a,b,c\r\n1,2,3\r\n", "认不出列名"),
        (b"only\r\n1\r\n", "认不出列名"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, content: bytes, says: str) -> None:
    assert says in refusal(tmp_path, content)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str) -> None:
    cells = [*TWO, table([sound_row(3, CF_XDR_MC="𠮷祥·买买提有限公司", CF_SY="一，二；\n三")])[1]]
    found = check_bytes(tmp_path, csv_text(cells, delimiter).encode(encoding))
    assert found.checked.records == 3
    assert found.faults == []
    assert found.reading.encoding == encoding


def test_a_mixed_encoding_is_refused_with_byte_and_row(tmp_path: Path) -> None:
    lines = csv_text(TWO).split("\r\n")
    good = "\r\n".join(lines[:2]) + "\r\n"
    mixed = good.encode() + (lines[2] + "\r\n").encode("gb18030")
    said = refusal(tmp_path, mixed)
    assert "前面是UTF-8" in said
    assert "（第3行）" in said
    byte = int(said.split("从第")[1].split("个字节")[0])
    assert byte > len(good.encode())
    other = good.encode("gb18030") + (lines[2] + "\r\n").encode()
    assert "前面是GB18030" in refusal(tmp_path, other)


def test_big5_under_a_plain_header_is_named(tmp_path: Path) -> None:
    header = "CF_WSH,CF_XDR_MC,CF_SY\r\n"
    body = "示市監罰2026第1號,示例縣惠民建材有限公司,商品未標明價格\r\n" * 20
    assert "Big5" in refusal(tmp_path, (header + body).encode("big5"))
    # The same characters in an encoding that is read.
    upload = tmp_path / "upload"
    upload.write_bytes((header + body).encode("gb18030"))
    assert uploads.examine_text(upload, whole=True).encoding == "gb18030"


def test_headers_in_other_words(tmp_path: Path) -> None:
    renamed = {
        "行政相对人名称": "当事人名称",
        "行政处罚决定书文号": "CF_WSH",
        "处罚决定日期": " 处罚决定\n日期（必填）",
        "罚款金额": "罚款金额（万元）",
        "统一社会信用代码": "*统一社会 信用代码",
    }
    header = [renamed.get(cell, cell) for cell in TWO[0]]
    found = check_bytes(
        tmp_path, csv_text([[*header, "审批科室"], *[[*r, "二科"] for r in TWO[1:]]]).encode()
    )
    assert found.faults == []
    assert found.reading.unread == ("审批科室",)


def test_ignored_columns_leave_no_trace(tmp_path: Path) -> None:
    cells = [[*TWO[0], "法定代表人证件号码"], *[[*row, "210321190001010014"] for row in TWO[1:]]]
    found = check_bytes(tmp_path, csv_text(cells).encode())
    assert found.reading.ignored == ("法定代表人证件号码",)
    assert found.faults == []
    for path in tmp_path.glob("*.parquet"):
        assert b"210321190001010014" not in path.read_bytes()


def test_missing_doubled_and_two_line_headers(tmp_path: Path) -> None:
    place = TWO[0].index("处罚决定日期")
    without = [row[:place] + row[place + 1 :] for row in TWO]
    assert "缺少1个必填列：处罚决定日期" in refusal(tmp_path, csv_text(without).encode())
    doubled = [[*row, row[place]] for row in TWO]
    assert "“处罚决定日期”出现了2列" in refusal(tmp_path, csv_text(doubled).encode())
    title = [["2026年10月行政处罚台账"] + [""] * (len(TWO[0]) - 1), *TWO]
    assert "列名在第2行" in refusal(tmp_path, csv_text(title).encode())
    assert "表头占了不止一行" in refusal(tmp_path, csv_text([TWO[0], TWO[0], TWO[1]]).encode())


def test_irregular_lines_lose_nothing(tmp_path: Path) -> None:
    lines = csv_text(TWO).split("\r\n")
    short, long = lines[1].rsplit(",", 3)[0], lines[2] + ",多,出"
    found = check_bytes(tmp_path, "\r\n".join([*lines[:3], short, long, ""]).encode())
    assert found.checked.rows == 4
    assert [(row, code) for row, code in found.codes if code == "cell_count"] == [
        (4, "cell_count"),
        (5, "cell_count"),
    ]
    assert f"应有{len(TWO[0])}格" in found.faults[0][4]
    assert found.checked.refused == 2


def test_an_open_quote_is_refused_with_its_row(tmp_path: Path) -> None:
    lines = csv_text(TWO).split("\r\n")
    broken = "\r\n".join([*lines[:2], '"' + lines[2], ""]).encode()
    assert "第3行的引号没有成对" in refusal(tmp_path, broken)


def test_a_long_irregular_line_is_a_fault_like_any_other(tmp_path: Path) -> None:
    """The engine quotes such a line and cuts it in the middle of a character."""
    lines = csv_text(table([*map(sound_row, range(6000)), sound_row(9000, CF_SY='长"' * 5000)]))
    found = check_bytes(tmp_path, (lines.rstrip() + ",多\r\n").encode())
    assert (found.checked.rows, found.codes) == (6001, [(6002, "cell_count")])


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("cell", ["长" * 999_000, "a" * 3_000_000])
def test_a_row_without_end_is_refused_with_its_number(
    tmp_path: Path, encoding: str, cell: str
) -> None:
    cells = table([sound_row(1), sound_row(2, CF_SY=cell)])
    assert "第3行太长" in refusal(tmp_path, csv_text(cells).encode(encoding))


def test_a_workbook_row_without_end_is_refused_with_its_number(tmp_path: Path) -> None:
    cells: list[list[object]] = [*TWO, ["长" * 32_767] * len(TWO[0])]
    assert "第4行太长" in refusal(tmp_path, workbook(cells))


def test_a_word_in_the_far_corner_of_a_sheet_is_refused(tmp_path: Path) -> None:
    """Else the reader asks for half a terabyte, and the process with it is gone."""
    cells: list[list[object]] = [list(row) for row in TWO]
    corner = refusal(tmp_path, workbook(cells, lambda book: book.active.cell(1_048_576, 16_384, 1)))
    assert "到第1048576行、第16384列还有内容" in corner
    apart = refusal(tmp_path, workbook(cells, lambda book: _stray(book, (2, 16_384), (90_000, 1))))
    assert "到第90000行、第16384列还有内容" in apart


@pytest.mark.parametrize("attribute", ['\nr="XFD1048576"', "\tr='XFD1048576'"])
def test_a_far_corner_is_seen_however_the_part_is_written(tmp_path: Path, attribute: str) -> None:
    content = _rewritten(workbook([list(row) for row in TWO]), b' r="A2"', attribute.encode())
    assert "到第1048576行" in refusal(tmp_path, content)


def test_a_workbook_its_reader_does_not_survive_ends_the_reader_alone(tmp_path: Path) -> None:
    """In a part under another name nobody sees the corner coming; whoever reads it is gone, and says so."""
    content = _rewritten(
        workbook([list(row) for row in TWO]),
        b' r="A2"',
        b' r="XFD1048576"',
        name=("worksheets/sheet1.xml", "worksheets/sheet1.bin"),
    )
    upload = tmp_path / "upload"
    upload.write_bytes(content)
    with pytest.raises(uploads.UploadRefused) as refused:
        child.check(Ground(upload, tmp_path, the_source(), 7, TODAY, PEPPER))
    assert "读不出来" in str(refused.value)


def _rewritten(content: bytes, old: bytes, new: bytes, name: tuple[str, str] = ("", "")) -> bytes:
    """The workbook with the first `old` of its sheet written as `new`, and a part called otherwise."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for part in before.namelist():
            body = before.read(part)
            if part == "xl/worksheets/sheet1.xml":
                assert old in body
                body = body.replace(old, new, 1)
            if name[0]:
                body = body.replace(name[0].encode(), name[1].encode())
                part = part.replace(*name)
            after.writestr(part, body)
    return out.getvalue()


def test_too_many_columns_and_separators_alone_are_refused(tmp_path: Path) -> None:
    wide = ",".join([*TWO[0], *(f"列{n}" for n in range(600))])
    assert "列太多" in refusal(tmp_path, wide.encode())
    assert refusal(tmp_path, b",,,,\n,,,,\n")


def _stray(book: Workbook, *places: tuple[int, int]) -> None:
    for row, column in places:
        book.active.cell(row, column, "误")


def test_control_characters_are_faults(tmp_path: Path) -> None:
    cells = table([sound_row(1, BZ="a\x00b"), sound_row(2, CF_WFXW="\x01未明码"), sound_row(3)])
    found = check_bytes(tmp_path, csv_text(cells).encode())
    assert found.codes == [(2, "control"), (3, "control")]


def test_a_sheet_with_real_dates_and_numbers(tmp_path: Path) -> None:
    cells: list[list[object]] = [list(row) for row in TWO]
    day, fine = TWO[0].index("处罚决定日期"), TWO[0].index("罚款金额")
    cells[1][day], cells[1][fine] = datetime(2026, 11, 18), 0.2
    cells[2][day], cells[2][fine] = 46344, 0.1 + 0.2
    found = check_bytes(tmp_path, workbook(cells))
    assert found.faults == []
    assert (found.reading.encoding, found.checked.records) == ("xlsx", 2)


def test_formulas_and_lost_digits_are_faults_with_their_cell(tmp_path: Path) -> None:
    cells: list[list[object]] = [list(row) for row in TWO]
    fine, code = TWO[0].index("罚款金额"), TWO[0].index("处罚机关统一社会信用代码")
    cells[1][fine], cells[2][code] = "=1/5", 112103210000000197.0
    found = check_bytes(tmp_path, workbook(cells))
    assert found.codes == [(2, "formula"), (3, "digits_lost")]
    assert "粘贴" in found.faults[0][5]
    assert "公式（没有保存结果）" in found.faults[0]


@pytest.mark.parametrize("value", ["#N/A", "#VALUE!", "#REF!"])
def test_an_error_value_is_a_fault_and_never_an_empty_cell(tmp_path: Path, value: str) -> None:
    cells: list[list[object]] = [list(row) for row in TWO]

    def spoil(book: Workbook) -> None:
        for row, header in ((2, "备注"), (3, "罚款金额")):
            cell = book.active.cell(row, TWO[0].index(header) + 1)
            cell.value, cell.data_type = value, "e"

    found = check_bytes(tmp_path, workbook(cells, spoil))
    assert found.codes == [(2, "error_value"), (3, "error_value")]
    assert [(fault[1], fault[3]) for fault in found.faults] == [
        ("备注", value),
        ("罚款金额", value),
    ]


def test_an_error_that_a_formula_left_is_a_fault_with_its_value(tmp_path: Path) -> None:
    cells: list[list[object]] = [list(row) for row in TWO]
    cells[1][TWO[0].index("罚款金额")] = "=VLOOKUP(1,A1:A2,9)"
    written = workbook(cells)
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    [formula] = re.findall(rb'<c r="[A-Z]+2"[^>]*><f>.*?</c>', sheet)
    spoilt = formula.replace(b"<c ", b"<c t='e' ").replace(b"<v />", b"<v>#REF!</v>")
    found = check_bytes(tmp_path, _rewritten(written, formula, spoilt))
    assert found.codes == [(2, "error_value")]
    assert found.faults[0][3] == "#REF!"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "xlsx"])
def test_a_lone_carriage_return_in_a_cell_stays_in_the_cell(tmp_path: Path, encoding: str) -> None:
    cells = table([sound_row(1, CF_YJ="价格法\r第四十二条"), sound_row(2)])
    content = csv_text(cells).encode("utf-8" if encoding == "xlsx" else encoding)
    if encoding == "xlsx":
        content = workbook([[cell.replace("\r", "_x000D_") for cell in row] for row in cells])
    found = check_bytes(tmp_path, content)
    assert (found.checked.records, found.faults) == (2, [])


def test_what_the_engine_cannot_read_at_all_is_refused_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No text is known that the exact reader lays out and the engine does not take.
    def irregular(*_: object) -> None:
        raise UnicodeDecodeError("utf-8", b"x", 0, 1, "cut in the middle")

    monkeypatch.setattr(checking, "_judge", irregular)
    for content in (csv_text(TWO).encode(), workbook([list(row) for row in TWO])):
        assert "无法分清单元格" in refusal(tmp_path, content)


def _merge(book: Workbook) -> None:
    book.active.merge_cells("A1:B1")


def _second_sheet(book: Workbook) -> None:
    sheet = book.create_sheet("十一月")
    for row in TWO:
        sheet.append(row)


def _note_sheet(book: Workbook) -> None:
    book.create_sheet("说明", 0).append(["请先读这一页"])


def test_sheets(tmp_path: Path) -> None:
    cells: list[list[object]] = [list(row) for row in TWO]
    assert "合并的单元格" in refusal(tmp_path, workbook(cells, _merge))
    assert "2个有内容的工作表" in refusal(tmp_path, workbook(cells, _second_sheet))
    assert check_bytes(tmp_path, workbook(cells, _note_sheet)).checked.records == 2


def test_a_macro_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO(workbook([list(row) for row in TWO]))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    assert "带有宏" in refusal(tmp_path, out.getvalue())


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MIN_FOR_RATIO", 1 << 20)
    out = io.BytesIO(workbook([list(row) for row in TWO]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"\0" * (64 << 20))
    assert len(out.getvalue()) < 1 << 20
    assert "展开后过大" in refusal(tmp_path, out.getvalue())
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", zlib.compress(b"x"))
    assert "压缩包" in refusal(tmp_path, other.getvalue())


def test_the_template_can_be_filled_in_and_sent(tmp_path: Path) -> None:
    from tests.intake.files import the_source
    from zhengxin.intake.templates import template_bytes

    # Unfilled it says that there was nothing to report.
    assert check_bytes(tmp_path, template_bytes(the_source())).checked.records == 0
    book = load_workbook(io.BytesIO(template_bytes(the_source())))
    sheet = book.worksheets[0]
    header = [cell.value for cell in sheet[1]]
    assert "法定代表人证件号码" not in header
    lists = {v.sqref.ranges.pop().coord: v.formula1 for v in sheet.data_validations.dataValidation}
    assert any("个体工商户" in formula for formula in lists.values())
    assert sheet.freeze_panes == "A2"
    for place, value in enumerate(table([sound_row(1)])[1], start=1):
        sheet.cell(2, place, value or None)
    out = io.BytesIO()
    book.save(out)
    found: Found = check_bytes(tmp_path, out.getvalue())
    assert (found.faults, found.checked.records) == ([], 1)
    assert FIRM in (tmp_path / "table.csv").read_text()
