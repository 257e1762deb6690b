"""Conditions as people write them, over the columns of one table, in Chinese and English.

    金额 < 1 且 课程 包含 体验
    amount <= 0.01 and (product contains "trial" or customer is blank)
    下单日期 >= 2026-10-01 且 渠道 属于 (抖音, 小红书) 且 非 状态 = 已取消

A column is its key, a title or any header that real exports give it. A value runs to the next 且/或/and/or
or bracket; in quotation marks it may hold those. Width and case do not count. A blank cell fulfils
"is blank", 不等于 and 不包含, nothing else. Nothing is ever evaluated but what stands here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from xlsales.clean.parse import dates, numbers, stage
from xlsales.clean.parse._distinct import keyed, narrow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    import narwhals as nw
    import numpy as np
    import pandas as pd

    from xlsales.clean.rows import Rows
    from xlsales.tables.spec import Column, Table

    Mask = np.ndarray[Any, np.dtype[np.bool_]]

OR, AND, NOT = ("或者", "或", "or"), ("并且", "而且", "且", "and"), ("非", "not")
OPERATORS = {
    "≤": "<=", "<=": "<=", "≥": ">=", ">=": ">=", "<>": "!=", "!=": "!=", "≠": "!=", "==": "=", "=": "=",
    "<": "<", ">": ">", "小于等于": "<=", "不大于": "<=", "不超过": "<=", "不晚于": "<=", "大于等于": ">=",
    "不小于": ">=", "不少于": ">=", "不低于": ">=", "至少": ">=", "不早于": ">=", "小于": "<", "少于": "<",
    "低于": "<", "早于": "<", "大于": ">", "多于": ">", "高于": ">", "超过": ">", "晚于": ">",
    "不等于": "!=", "不是": "!=", "等于": "=", "是": "=", "at most": "<=", "at least": ">=", "before": "<",
    "after": ">", "less than": "<", "more than": ">", "greater than": ">", "equals": "=", "is not": "!=",
    "is": "=", "不为空": "filled", "非空": "filled", "不是空": "filled", "为空": "blank", "是空": "blank",
    "空白": "blank", "is not blank": "filled", "is not empty": "filled", "is blank": "blank",
    "is empty": "blank",
    "不包含": "lacks", "不含": "lacks", "包含": "has", "含有": "has", "含": "has",
    "does not contain": "lacks", "not contains": "lacks", "contains": "has", "不属于": "out",
    "属于": "in", "not in": "out", "in": "in", "开头是": "starts", "开头为": "starts",
    "starts with": "starts",
}  # fmt: skip
"""How a comparison may be written; the longest that fits counts."""
WITHOUT_VALUE = ("blank", "filled")
ORDERED = ("<", "<=", ">", ">=")
_QUOTES = {'"': '"', "'": "'", "“": "”", "”": "”", "‘": "’", "「": "」", "『": "』"}
_SEPARATOR = re.compile(r"[,、;]")
_VALUE = re.compile(r"(?:(?!\s(?:and|or)\b|并且|而且|或者|且|或|[()]).)+", re.IGNORECASE)


class NotUnderstoodError(Exception):
    """A condition, or an action's value, that says something we do not know: ``word`` is what."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class Cells(Protocol):
    """The rows of a table in an engine, as far as a condition asks for them."""

    def among(self, name: str, fits: Callable[[str], bool], *, written: bool) -> nw.Expr:
        """Whether the text of a column fits, false for a blank; ``written``: as it stands in the file."""


@dataclass(frozen=True)
class Condition:
    """What rows fulfil: ``mask`` of rows in memory, over their frame in order, ``expr`` in an engine.

    Both are true or false, never null.
    """

    mask: Callable[[Rows], Mask]
    expr: Callable[[Cells], nw.Expr]

    def __call__(self, rows: Rows) -> Mask:
        """The mask over the rows' frame."""
        return self.mask(rows)


def condition(text: str, table: Table) -> Condition:
    """The condition over rows of the table.

    Raises ``NotUnderstoodError`` with the word that is none of the language's or no value of its column.
    """
    reader = _Reader(_even(text), table)
    found = reader.either()
    if rest := reader.rest:
        raise NotUnderstoodError(_word(rest))
    return found


def column_of(text: str, table: Table) -> Column:
    """The column that ``text`` names. Raises ``NotUnderstoodError`` where there is none of that name."""
    name = _columns(table).get(keyed(text))
    if name is None:
        raise NotUnderstoodError(text.strip())
    return table.column(name)


def read_value(text: str, column: Column) -> Any:
    """``text`` as a value of the column. Raises ``NotUnderstoodError`` where it is none."""
    if column.kind in ("money", "count"):
        value = numbers.numbers([text]).values[0]
    elif column.kind == "percent":
        number = numbers.take_apart(text.removesuffix("%"))
        value = number and number.value(".", 0.01 if text.endswith("%") else 1.0)
    elif column.kind == "date":
        value = dates.dates([text]).values[0]
    elif column.kind == "flag":
        value = stage.flag([text]).values[0]
    elif column.kind == "stage":
        value = stage.stage([text], column.values).values[0] or text
    else:
        value = text
    if value is None:
        raise NotUnderstoodError(text)
    return value


@dataclass
class _Reader:
    """Reads a condition from left to right; ``at`` is how far."""

    text: str
    table: Table
    at: int = 0

    @property
    def rest(self) -> str:
        """What is still to be read."""
        return self.text[self.at :].lstrip()

    def take(self, words: tuple[str, ...]) -> str | None:
        """The first of the words that comes next, taken; one of Latin letters only where it ends there."""
        rest = self.rest
        for word in words:
            if rest[: len(word)].casefold() == word:
                after = rest[len(word) : len(word) + 1]
                if not (word[-1].isascii() and word[-1].isalpha() and after.isascii() and after.isalnum()):
                    self.at = len(self.text) - len(rest) + len(word)
                    return word
        return None

    def either(self) -> Condition:
        """One or more, joined by 或."""
        parts = [self.all()]
        while self.take(OR):
            parts.append(self.all())
        return parts[0] if len(parts) == 1 else _either(parts)

    def all(self) -> Condition:
        """One or more, joined by 且."""
        parts = [self.one()]
        while self.take(AND):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else _not(_either([_not(part) for part in parts]))

    def one(self) -> Condition:
        """A negation, a bracket or a comparison."""
        if self.take(NOT):
            return _not(self.one())
        if self.take(("(",)):
            inside = self.either()
            if not self.take((")",)):
                raise NotUnderstoodError(_word(self.rest) or "(")
            return inside
        return self.comparison()

    def comparison(self) -> Condition:
        """Column, operator, value."""
        column, written = self.subject()
        operator = OPERATORS[written]
        if operator in WITHOUT_VALUE:
            return _blank(column.name, operator)
        if operator in ORDERED and column.kind not in ("money", "count", "percent", "date"):
            raise NotUnderstoodError(written)
        if operator in ("in", "out"):
            return _among(column, self.values(written), operator == "in")
        said = self.value(written)
        if operator in ("has", "lacks", "starts"):
            return _containing(column, said, operator)
        if operator in ("=", "!="):
            return _among(column, [said], operator == "=")
        return _compared(column, operator, read_value(said, column))

    def subject(self) -> tuple[Column, str]:
        """A column and the operator after it: of the names that come next the longest that one follows."""
        rest, known = self.rest, _columns(self.table)
        start, longest = len(self.text) - len(rest), 0
        for end in range(min(len(rest), _LONGEST_NAME), 0, -1):
            if _ends(rest, end) and (name := known.get(keyed(rest[:end]))):
                longest = longest or end
                self.at = start + end
                if written := self.take(_LONGEST_FIRST):
                    return self.table.column(name), written
        raise NotUnderstoodError(_word(rest[longest:].lstrip()) or _word(rest) or self.text.strip())

    def value(self, after: str) -> str:
        """A quoted text, or all up to the next word that joins, or bracket."""
        rest = self.rest
        start = len(self.text) - len(rest)
        if rest and (closing := _QUOTES.get(rest[0])) and (end := rest.find(closing, 1)) > 0:
            self.at = start + end + 1
            return rest[1:end]
        found = _VALUE.match(rest)
        if not found or not found[0].strip():
            raise NotUnderstoodError(_word(rest) or after)
        self.at = start + found.end()
        return found[0].strip()

    def values(self, after: str) -> list[str]:
        """Values between commas, in brackets or not."""
        if not self.take(("(",)):
            return [one.strip() for one in _SEPARATOR.split(self.value(after)) if one.strip()]
        end = self.text.find(")", self.at)
        if end < 0:
            raise NotUnderstoodError(_word(self.rest) or after)
        inside, self.at = self.text[self.at : end], end + 1
        found = [one.strip().strip("\"'“”‘’「」") for one in _SEPARATOR.split(inside) if one.strip()]
        if not found:
            raise NotUnderstoodError(after)
        return found


_LONGEST_NAME = 48
_LONGEST_FIRST = tuple(sorted(OPERATORS, key=len, reverse=True))


def _even(text: str) -> str:
    """The text in one width, but for what stands between quotation marks as people set them."""
    return " ".join(narrow(text).split())


def _word(rest: str) -> str:
    """What to show of the place where reading stopped."""
    found = re.match(r"[^\s()<>=!]+|\S", rest)
    return found[0] if found else ""


def _ends(text: str, end: int) -> bool:
    """Whether a name may end here: behind a letter or digit, not within a Latin word."""
    return text[end - 1].isalnum() and not re.match(r"[A-Za-z0-9_]{2}", text[end - 1 : end + 1])


@lru_cache(maxsize=64)
def _names(table_key: str) -> dict[str, str]:
    from xlsales.tables.specs import table

    named: dict[str, str] = {}
    columns = table(table_key).columns
    for spell in (lambda c: (c.name,), lambda c: (c.zh, c.en), lambda c: c.aliases):
        for column in columns:
            for name in spell(column):
                named.setdefault(keyed(name), column.name)
    named.pop("", None)
    return named


def _columns(table: Table) -> dict[str, str]:
    """Every name of the table's columns, keyed: the keys first, then the titles, then the aliases."""
    return _names(table.key)


def _either(parts: Sequence[Condition]) -> Condition:
    def mask(rows: Rows) -> Mask:
        import numpy as np

        found: Mask = np.logical_or.reduce([part(rows) for part in parts])
        return found

    def expr(cells: Cells) -> nw.Expr:
        import narwhals as nw

        return nw.any_horizontal(*(part.expr(cells) for part in parts), ignore_nulls=False)

    return Condition(mask, expr)


def _not(part: Condition) -> Condition:
    return Condition(lambda rows: ~part(rows), lambda cells: ~part.expr(cells))


def _blank(name: str, operator: str) -> Condition:
    def mask(rows: Rows) -> Mask:
        blank: Mask = rows.frame[name].isna().to_numpy(bool)
        return blank if operator == "blank" else ~blank

    def expr(_: Cells) -> nw.Expr:
        import narwhals as nw

        blank = nw.col(name).is_null()
        return blank if operator == "blank" else ~blank

    return Condition(mask, expr)


def _compared(column: Column, operator: str, value: Any) -> Condition:
    name, by = column.name, {"<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__"}[operator]

    def mask(rows: Rows) -> Mask:
        import pandas as pd

        cells, other = rows.frame[name], value
        if column.kind == "date":  # a rule speaks of days
            cells, other = cells.dt.normalize(), pd.Timestamp(value)
        found: Mask = getattr(cells, by)(other).to_numpy(bool)
        return found

    def expr(_: Cells) -> nw.Expr:
        import narwhals as nw

        cells, other = nw.col(name), value
        if column.kind == "date":
            cells, other = cells.dt.truncate("1d"), _moment(value)
        found: nw.Expr = getattr(cells, by)(other)
        return found.fill_null(False)

    return Condition(mask, expr)


def _among(column: Column, said: list[str], wanted: bool) -> Condition:
    """Whether the value is one of those said; texts whatever their width, case and spaces."""
    values = [read_value(one, column) for one in said]
    plain = {_plain(one) for one in values} if column.kind in ("text", "id", "stage") else set()

    def mask(rows: Rows) -> Mask:
        import pandas as pd

        cells = rows.frame[column.name]
        if column.kind in ("text", "id", "stage"):
            hit = _each(cells, lambda one: _plain(one) in plain)
        elif column.kind == "date":
            hit = cells.dt.normalize().isin([pd.Timestamp(one) for one in values]).to_numpy(bool)
        else:
            hit = cells.isin(values).to_numpy(bool)
        return hit if wanted else ~hit

    def expr(cells: Cells) -> nw.Expr:
        import narwhals as nw

        if column.kind in ("text", "id", "stage"):
            hit = cells.among(column.name, lambda one: _plain(one) in plain, written=False)
        elif column.kind == "date":
            hit = nw.col(column.name).dt.truncate("1d").is_in([_moment(one) for one in values])
        else:
            hit = nw.col(column.name).is_in(values)
        hit = hit.fill_null(False)
        return hit if wanted else ~hit

    return Condition(mask, expr)


def _containing(column: Column, said: str, operator: str) -> Condition:
    """Whether the text contains the words, or starts with them; of a stage, a number or a day, as written."""
    words = _plain(said)
    fits = str.startswith if operator == "starts" else str.__contains__
    written = column.kind not in ("text", "id")

    def mask(rows: Rows) -> Mask:
        cells = rows.frame[column.name]
        if written and column.name in rows.text:
            cells = rows.text[column.name][cells.index]
        hit = _each(cells.astype("str"), lambda one: fits(_plain(one), words))
        return ~hit if operator == "lacks" else hit

    def expr(cells: Cells) -> nw.Expr:
        hit = cells.among(column.name, lambda one: fits(_plain(one), words), written=written)
        return ~hit if operator == "lacks" else hit

    return Condition(mask, expr)


def _moment(day: Any) -> datetime:
    import pandas as pd

    found: datetime = pd.Timestamp(day).to_pydatetime()
    return found


def _plain(text: str) -> str:
    return " ".join(narrow(text).casefold().split())


def _each(cells: pd.Series, holds: Callable[[str], bool]) -> Mask:
    """Asked once of each distinct text; a blank never holds."""
    import numpy as np
    import pandas as pd

    codes, distinct = pd.factorize(cells)
    answers = np.fromiter((*(holds(one) for one in distinct), False), bool, len(distinct) + 1)
    mask: Mask = answers[codes]
    return mask
