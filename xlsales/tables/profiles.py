"""Which kind of source a sheet is: the export that comes every month under another date.

``2026-10门店报表.xlsx`` and ``门店报表(2026年11月) - 副本.xlsx`` are both 门店报表. What a user confirmed
about one export holds for the next by its ``profile``; totals by source are shown under its ``tags``.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256
from typing import TYPE_CHECKING

from xlsales.tables.names import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GENERIC = frozenset(
    """
    sheet worksheet page table data rawdata export exported exportdata report result results book workbook
    untitled download list 工作表 工作簿 表 表格 页 数据 原始数据 导出 导出数据 数据导出 导出结果 报表 列表
    year years month months quarter quarters week weeks 年度 季度 月度
    明细 结果 下载 新建 未命名 新建工作表 新建工作簿 新建microsoftexcel工作表 新建xlsx工作表
    """.split()  # noqa: SIM905
)
"""What is left of names that say nothing about where a sheet is from."""

_ENDING = re.compile(r"\.(?:xlsx|xlsm|xls|csv|tsv|txt|parquet)$", re.IGNORECASE)
_COPY = re.compile(
    r"(?:^(?:copy|副本)\s*(?:of\b)?|[\s_-]*的?副本|[\s_-]+copy\b|\b(?:final|latest)\b|最终版|终版|定稿|最新版?|截[至止])",
    re.IGNORECASE,
)
_PLATFORMS = re.compile(r"(?<!\d)(1688(?!\d)|58(?=同城)|360(?!\d)|51(?=job|talk)|7-?11(?!\d))", re.IGNORECASE)
"""Names that are numbers."""
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = re.compile(
    rf"(?<![a-z]){_MONTH}(?![a-z])"
    r"|第?[一二三四五六七八九十]+(?:月份?|季度|周)|[上下]半年|[本上当下]个?[年月周]度?|今年|去年"
    r"|(?<![a-z])(?:fy|cy|q|h|w|v|ver)\s?(?=\d)|第?\d+\s?(?:年度?|月份?|日|号|周|季度?|期|时|点|分|秒)?(?:q\d)?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\0[\s\-~–—_.至到]*(?=\0)")
_SEPARATORS = re.compile(r"[\s\0()\[\]{}【】〔〕《》<>_\-–—~.,;:'\"·+&@#、,。]+")


def profile(source: str, sheet: str, headers: Sequence[str]) -> str:
    """What the same export is known by next month: the sheet's name without dates, numbers and copies.

    Of a sheet whose name says nothing (Sheet1), the file's; where that says nothing either (export.xlsx),
    a digest of the headers, in any order. So a workbook may be renamed and still know its sheets.
    """
    return (plain(sheet) or plain(source)).casefold() or _digest(headers)


def tags(sheets: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Per (source, sheet) the name to show for it: 门店报表; equal for the same export of several months.

    It is the sheet's name, or the file's where that says nothing, as ``profile`` has it; where files of
    other names have a sheet of the same, both: ``门店 · 订单`` and ``展会 · 订单``.
    """
    pairs = list(dict.fromkeys(sheets))
    spelt: dict[str, str] = {}
    for name in sorted(plain(name) or name for pair in pairs for name in pair):
        spelt.setdefault(name.casefold(), name)
    file = {pair: spelt[(plain(pair[0]) or pair[0]).casefold()] for pair in pairs}
    sheet = {pair: spelt[plain(pair[1]).casefold()] if plain(pair[1]) else file[pair] for pair in pairs}
    files: dict[str, set[str]] = {}
    for pair in pairs:
        files.setdefault(sheet[pair], set()).add(file[pair])
    return {
        pair: sheet[pair]
        if len(files[sheet[pair]]) == 1 or sheet[pair] == file[pair]
        else f"{file[pair]} · {sheet[pair]}"
        for pair in pairs
    }


def plain(name: str) -> str:
    """A file's or sheet's name without ending, dates, numbers and marks of copies; "" if nothing is left."""
    text = unicodedata.normalize("NFKC", name).strip()
    text = _COPY.sub(" ", _ENDING.sub("", text))
    kept = [_DATE.sub("\0", part) if k % 2 == 0 else part for k, part in enumerate(_PLATFORMS.split(text))]
    text = _SEPARATORS.sub(" ", _BETWEEN.sub("", "".join(kept))).strip()
    return "" if "".join(text.split()).casefold() in GENERIC else text


def _digest(headers: Sequence[str]) -> str:
    names = "\n".join(sorted({key(header) for header in headers} - {""}))
    return f"#{sha256(names.encode()).hexdigest()[:12]}"
