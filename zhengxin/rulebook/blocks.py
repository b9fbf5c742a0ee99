"""A YAML mapping that knows its file and lines, gives typed values, and accounts for every key."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import yaml

from zhengxin.kernel.loading import SAFE
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.rulebook.enums import LawStatus
from zhengxin.rulebook.types import ARTICLE_UNREAD, Citation

Word = TypeVar("Word", bound=StrEnum)


class LawUnreadable(Refused):
    """A law file is wrong; the message names file and line."""

    def __init__(self, path: Path, line: int, why: str) -> None:
        super().__init__(
            say("规则文件{path}第{line}行有误。", path=path, line=line),
            why,
            say("请按规则库说明改正后重新启动。"),
        )
        self.path = path
        self.line = line


class Block:
    """One mapping of a law file. Every reading method raises LawUnreadable at the value's line."""

    def __init__(self, path: Path, node: yaml.Node) -> None:
        self.path = path
        self.line = node.start_mark.line + 1
        self._nodes: dict[str, yaml.Node] = {}
        self._read: set[str] = set()
        if not isinstance(node, yaml.MappingNode):
            raise LawUnreadable(path, self.line, say("此处应为若干“名称: 值”。"))
        for key, value in node.value:
            name = str(key.value)
            if name in self._nodes:
                line = key.start_mark.line + 1
                raise LawUnreadable(path, line, say("“{name}”写了两次。", name=name))
            self._nodes[name] = value

    @classmethod
    def read(cls, path: Path) -> "Block":
        """The one mapping in the file at `path`."""
        try:
            node = yaml.compose(path.read_text(encoding="utf-8"), Loader=SAFE)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            raise LawUnreadable(path, line, say("文件不是正确的YAML。")) from error
        if node is None:
            raise LawUnreadable(path, 1, say("文件是空的。"))
        return cls(path, node)

    def __contains__(self, key: str) -> bool:
        return key in self._nodes

    def __iter__(self) -> Iterator[str]:
        """The names as written."""
        return iter(self._nodes)

    def wrong(self, key: str, why: str) -> LawUnreadable:
        """The error to raise about the value of `key`."""
        node = self._nodes.get(key)
        line = node.start_mark.line + 1 if node else self.line
        return LawUnreadable(self.path, line, why)

    def plain(self, key: str) -> object:
        """The value as YAML gives it; None when empty."""
        return _plain(self._node(key))

    def text(self, key: str) -> str:
        """A text that is not empty."""
        value = self.plain(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, say("“{key}”应填文字。", key=key))
        return value

    def number(self, key: str) -> int:
        """A whole number, zero or more."""
        value = self.plain(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.wrong(key, say("“{key}”应填不小于零的整数。", key=key))
        return value

    def flag(self, key: str) -> bool:
        """true or false."""
        value = self.plain(key)
        if not isinstance(value, bool):
            raise self.wrong(key, say("“{key}”应填true或false。", key=key))
        return value

    def day(self, key: str) -> date:
        """A date written 2026-04-01."""
        value = self.plain(key)
        if type(value) is not date:
            raise self.wrong(key, say("“{key}”应填日期，如2026-04-01。", key=key))
        return value

    def one_of(self, key: str, words: type[Word]) -> Word:
        """A value of the enum `words`."""
        value = self.plain(key)
        try:
            return words(str(value))
        except ValueError:
            allowed = "、".join(words)
            why = say("“{key}”只能填：{allowed}。", key=key, allowed=allowed)
            raise self.wrong(key, why) from None

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts, possibly empty."""
        value = self.plain(key)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(key, say("“{key}”应填文字的列表。", key=key))
        return tuple(value)

    def days(self, key: str) -> tuple[date, ...]:
        """A list of dates, or a mapping whose names are dates."""
        value = self.plain(key)
        items: list[object] = list(value) if isinstance(value, list | dict) else [None]
        days = tuple(item for item in items if isinstance(item, date))
        if len(days) != len(items):
            raise self.wrong(key, say("“{key}”应填日期的列表。", key=key))
        return days

    def block(self, key: str) -> "Block":
        """The mapping under `key`."""
        return Block(self.path, self._node(key))

    def blocks(self, key: str) -> tuple["Block", ...]:
        """The list of mappings under `key`."""
        node = self._node(key)
        if not isinstance(node, yaml.SequenceNode):
            raise self.wrong(key, say("“{key}”应填列表。", key=key))
        return tuple(Block(self.path, item) for item in node.value)

    def has(self, key: str) -> bool:
        """True when `key` stands here with a value; an empty `key:` counts as read."""
        if key not in self._nodes:
            return False
        self._read.add(key)
        return _plain(self._nodes[key]) is not None

    def citation(self) -> Citation:
        """The address of the value in this block. A value without article is refused."""
        starts, ends = self.day("from"), self.day("until") if self.has("until") else None
        if ends is not None and ends < starts:
            raise self.wrong("until", say("失效日早于施行日。"))
        status = self.one_of("status", LawStatus)
        article = self.text("article")
        if status is LawStatus.READ and article == ARTICLE_UNREAD:
            raise self.wrong("article", say("读过条文的应写明条款。"))
        return Citation(self.text("document"), article, status, starts, ends, self.text("source"))

    def close(self) -> None:
        """Refuse names that nobody read: a misspelt one must not be lost in silence."""
        for key in self._nodes:
            if key not in self._read:
                raise self.wrong(key, say("不认识“{key}”。", key=key))

    def _node(self, key: str) -> yaml.Node:
        if key not in self._nodes:
            raise self.wrong(key, say("缺“{key}”。", key=key))
        self._read.add(key)
        return self._nodes[key]


def _plain(node: yaml.Node) -> object:
    loader = yaml.SafeLoader("")
    try:
        value: object = loader.construct_document(node)
        return value
    finally:
        loader.dispose()
