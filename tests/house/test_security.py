"""The page of the security model: every claim names the test that holds it, and the test is there."""

import ast
import re

from tests.house.test_files import ROOT

PAGE = ROOT / "docs" / "security.md"
_NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def test_every_claim_of_the_security_page_is_held_by_a_test_that_is_there() -> None:
    claims, open_points = PAGE.read_text(encoding="utf-8").split("## 没有守住的")
    assert open_points.strip()
    lines = [line for line in claims.splitlines() if line.startswith(("- ", "| "))]
    for line in lines:
        if not line.startswith("| 谁 |"):
            assert _NAMED.search(line), line
    for path, name in _NAMED.findall(claims):
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert name in found if name else found, (path, name)
