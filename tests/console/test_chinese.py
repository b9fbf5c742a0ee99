"""The command line speaks Chinese also where click speaks for itself."""

import ast
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest
from click.testing import CliRunner

from zhengxin.console.chinese import MODULES, TABLE
from zhengxin.console.main import COMMANDS, main

# Said to programmers, when a command is declared wrongly, or of what this house does not use.
TO_PROGRAMMERS = re.compile(
    r"Value must be an iterable|DeprecationWarning|Could not determine name|No options defined"
    r"|Arguments take exactly one|defined twice|Boolean option|Invalid start character"
    r"|Unknown color|Choice\("
)
ENGLISH = re.compile(
    r"\b(usage|options?|commands?|argument|missing|error|invalid|no such|try|show|default|required"
    r"|integer|float|text|file|directory|path)\b",
    re.IGNORECASE,
)


def sentences(module: ModuleType) -> Iterator[str]:
    """What a module of click has translated."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("_", "ngettext")
            and isinstance(node.args[0], ast.Constant)
        ):
            yield str(node.args[0].value)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_sentence_of_click_has_its_chinese(module: ModuleType) -> None:
    told = [text for text in sentences(module) if not TO_PROGRAMMERS.search(text)]
    assert [text for text in told if text not in TABLE] == []
    for text in told:
        places = set(re.findall(r"\{(\w+)", TABLE[text])) - {"len"}
        assert places <= set(re.findall(r"\{(\w+)", text)), text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["intake"], "没有执行：缺少参数 '文件'"),
        (["intake", "没有.csv", "--source", "licences"], "没有找到文件'没有.csv'。"),
        (["foo"], "没有叫'foo'的命令。"),
        (["demo", "--fast"], "没有叫'--fast'的选项。"),
        (["demo", "--port"], "选项'--port'后面要写一个值。"),
        (["demo", "--port", "x"], "'--port'的值不对：'x'不是整数。"),
        (["workdays", "2026/11/23", "7"], "'2026/11/23'不是日期，请写成2026-11-23这样。"),
        (["workdays", "2026-02-30", "7"], "'2026-02-30'不是日期，请写成2026-11-23这样。"),
        (["workdays", "2026-11-23", "-1"], "没有叫'-1'的选项。"),
        (["workdays", "2026-11-23", "7", "8"], "多写了参数：8"),
    ],
)
def test_a_wrong_call_is_answered_in_chinese(asked: list[str], said: str) -> None:
    answer = CliRunner().invoke(main, asked, prog_name="zhengxin")
    assert answer.exit_code == 2
    assert said in answer.output
    assert not ENGLISH.search(answer.output.replace("--help", "").replace("--port", ""))


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_is_chinese(name: str) -> None:
    answer = CliRunner().invoke(main, [*([name] if name else []), "--help"], prog_name="zhengxin")
    assert answer.exit_code == 0
    assert "显示用法。" in answer.output or "用法：" in answer.output
    for line in answer.output.splitlines():
        assert not re.search(r"Usage|Options|Commands|TEXT|INTEGER|FLOAT|\[default", line), line


def test_also_in_a_shell_of_another_language() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "zhengxin", "intake"],
        env={"LANG": "de_DE.UTF-8", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "缺少参数 '文件'" in done.stderr
