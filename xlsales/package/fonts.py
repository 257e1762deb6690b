"""How wide a digit is in the font that a workbook calls normal.

Column widths in a sheet are counted in these digits (ECMA-376 part 1, 18.3.1.13), so the same number is
another width in another workbook.
"""

from __future__ import annotations

DEFAULT_FONT = ("Calibri", 11.0)
"""What Excel assumes where a workbook has no Normal style."""

# Widest digit in pixels at 96 dpi, by point size. Arial, Calibri, Century Gothic, Verdana and 宋体 11 are
# what the column widths in files saved by Excel divide by; the rest are the fonts' advance widths.
_MEASURED: dict[str, dict[float, int]] = {
    "aptos narrow": {11: 7},
    "arial": {8: 6, 10: 7, 11: 8, 12: 9},
    "calibri": {11: 7, 12: 8},
    "century gothic": {9: 7},
    "tahoma": {10: 7},
    "times new roman": {12: 8},
    "verdana": {10: 8},
    "宋体": {9: 6, 10: 7, 11: 8, 12: 8},
    "等线": {11: 8},
    "微软雅黑": {10: 7, 11: 8, 12: 9},
    "ms pgothic": {11: 8},
}
_OTHER_NAMES = {
    "simsun": "宋体",
    "新宋体": "宋体",
    "nsimsun": "宋体",
    "dengxian": "等线",
    "microsoft yahei": "微软雅黑",
    "ｍｓ ｐゴシック": "ms pgothic",
}


def digit_width(name: str, size: float) -> int:
    """Pixels of the widest digit. In a font that is not known it is half an em, 7 at 11 points."""
    key = name.strip().lower()
    measured = _MEASURED.get(_OTHER_NAMES.get(key, key), {})
    return measured.get(size) or max(1, round(size * 96 / 72 / 2))
