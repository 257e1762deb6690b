"""Traditional Chinese as simplified, so that 曉光教育 and 晓光教育 are one name."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

_OTHER = re.compile(r"[^\u3400-\u9fff]+")


def simplified(text: str) -> str:
    """``text`` in simplified characters by the words of OpenCC; 乾坤 stays, 餅乾 is 饼干.

    Asked only where a Chinese character is outside GB 2312, which has no traditional forms.
    """
    if text.isascii() or _in_gb2312(text) or _in_gb2312(_OTHER.sub("", text)):
        return text
    return str(_converter().convert(text))


def _in_gb2312(text: str) -> bool:
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _converter() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")
