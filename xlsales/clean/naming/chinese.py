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
    if text.isascii():
        return text
    try:
        _OTHER.sub("", text).encode("gb2312")
    except UnicodeEncodeError:
        return str(_converter().convert(text))
    return text


@cache
def _converter() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")
