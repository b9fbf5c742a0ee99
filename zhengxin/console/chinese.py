"""Click's own sentences in Chinese, whatever language the shell is set to.

Click asks the standard library's gettext, which answers in the language of the environment only and
wants a compiled catalogue. So the two functions that its modules hold are replaced by a table.
"""

from types import ModuleType

import click
from click import core, decorators, exceptions, formatting, parser, termui, types

# Modules of click whose sentences reach a reader.
MODULES: tuple[ModuleType, ...] = (
    core,
    decorators,
    exceptions,
    formatting,
    parser,
    termui,
    types,
)
TABLE = {
    # help
    "Usage:": "用法：",
    "Options": "选项",
    "Commands": "命令",
    "Positional arguments": "参数",
    "Show this message and exit.": "显示用法。",
    "Show the version and exit.": "显示版本。",
    "%(prog)s, version %(version)s": "%(prog)s，版本%(version)s",
    "Confirm the action without prompting.": "不再询问，直接办理。",
    "default: {default}": "不写时为{default}",
    "env var: {var}": "环境变量{var}",
    "required": "必填",
    "deprecated": "已停用",
    "(dynamic)": "（视情况）",
    # asking
    "Do you want to continue?": "要继续吗？",
    "Press any key to continue...": "按任意键继续",
    "Repeat for confirmation": "再输一次",
    "Error: The two entered values do not match.": "两次输入的不一样。",
    "Error: invalid input": "输入的无法识别。",
    "Aborted!": "已取消，没有执行。",
    # what was wrong
    "Error: {message}": "没有执行：{message}",
    "Try '{command} {option}' for help.": "用法见 {command} {option}",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "Missing parameter: {param_name}": "缺少参数：{param_name}",
    "Missing {param_type}": "缺少{param_type}",
    "Missing command.": "没有写要做什么。",
    "No such command {name!r}.": "没有叫{name!r}的命令。",
    "No such option {name!r}.": "没有叫{name!r}的选项。",
    "Did you mean {possibility}?": "您要的是{possibility}吗？",
    "(Did you mean one of: {possibilities}?)": "（相近的有：{possibilities}）",
    "Option {name!r} requires an argument.": "选项{name!r}后面要写一个值。",
    "Option {name!r} does not take a value.": "选项{name!r}后面不写值。",
    "Argument {name!r} takes {nargs} values.": "参数{name!r}要写{nargs}个值。",
    "Got unexpected extra argument ({args})": "多写了参数：{args}",
    "Takes {nargs} values but 1 was given.": "要写{nargs}个值，写了{len}个。",
    "{len_type} values are required, but {len_value} was given.": (
        "要写{len_type}个值，写了{len_value}个。"
    ),
    "Invalid value: {message}": "值不对：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint}的值不对：{message}",
    "{value!r} is not a valid {number_type}.": "{value!r}不是{number_type}。",
    "{value!r} is not a valid boolean. Recognized values: {states}": (
        "{value!r}不是“是”或“否”，可写：{states}"
    ),
    "{value!r} is not a valid UUID.": "{value!r}不是UUID。",
    "{value!r} is not {choice}.": "{value!r}不是{choice}。",
    "{value!r} does not match the format {format}.": "{value!r}不是日期，请写成2026-11-23这样。",
    "{value} is not in the range {range}.": "{value}不在{range}的范围里。",
    "Choose from:\n\t{choices}": "可选：\n\t{choices}",
    "{name} {filename!r} does not exist.": "没有找到{name}{filename!r}。",
    "{name} {filename!r} is a file.": "{filename!r}是文件，不是{name}。",
    "{name} {filename!r} is a directory.": "{filename!r}是文件夹，不是{name}。",
    "{name} {filename!r} is not readable.": "{name}{filename!r}不能读取。",
    "{name} {filename!r} is not writable.": "{name}{filename!r}不能写入。",
    "{name} {filename!r} is not executable.": "{name}{filename!r}不能执行。",
    "Could not open file {filename!r}: {message}": "打不开文件{filename!r}：{message}",
    "unknown error": "原因不明",
    "file": "文件",
    "directory": "文件夹",
    "path": "路径",
}
# Names of values, as they stand in usage lines and in sentences about a wrong one.
VALUES = (
    (types.StringParamType, "文字"),
    (types.IntParamType, "整数"),
    (types.IntRange, "整数"),
    (types.FloatParamType, "数"),
    (types.FloatRange, "数"),
    (types.DateTime, "日期"),
)


def _translate(text: str) -> str:
    return TABLE.get(text, text)


def _translate_count(singular: str, plural: str, n: int) -> str:
    """Chinese has one form for every number."""
    return TABLE.get(singular, singular if n == 1 else plural)


def speak_chinese() -> None:
    """Click speaks Chinese in this process from now on; again is harmless."""
    for module in MODULES:
        for name, spoken in (("_", _translate), ("ngettext", _translate_count)):
            if hasattr(module, name):
                setattr(module, name, spoken)
    for kind, name in VALUES:
        kind.name = name


def named(command: click.Command) -> click.Command:
    """The command, and those below it, with their usage lines in Chinese."""
    command.options_metavar = "[选项]"
    if isinstance(command, click.Group):
        command.subcommand_metavar = "命令 [参数]"
        for each in command.commands.values():
            named(each)
    return command
