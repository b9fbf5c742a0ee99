"""Where a file has spaces at the ends of its cells, and where only inside them."""

from pathlib import Path

import pytest

from zhengxin.intake.uploads import examine_text


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("a,b\r\n1 2,x y\r\n", True),
        ("a,b\r\n1 ,2\r\n", False),
        ("a,b\r\n1, 2\r\n", False),
        ("a,b\r\n1,2 \r\n", False),
        ("a,b\r\n 1,2\r\n", False),
        ("a,b\r\n1,2 ", False),
        ('a,b\r\n" 1",2\r\n', False),
        ("a,b\r\n1,\u30002\r\n", False),
        ("a,b\r\n1,\u20032\r\n", False),
        ("a,b\r\n1,\u16802\r\n", False),
        ("a,b\r\n1,\u20602\r\n", False),
        ("a,b\r\n1,\u00852\r\n", False),
        ("a,b\r\n1,2\u200b\r\n", False),
        ("a,b\r\n\ufeff1,2\r\n", False),
        ("\ufeffa,b\r\n1,2\r\n", True),
        ("a,b\r\n1,“二”\r\n", True),
    ],
)
def test_spaces_beside_a_border_are_seen(tmp_path: Path, text: str, tidy: bool) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode())
    assert examine_text(path, whole=True).tidy is tidy
