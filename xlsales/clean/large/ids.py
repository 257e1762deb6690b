"""Ids in an engine: they stay there as they are, and only those that may be something else are read here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.clean.large.columns import few_texts_of
from xlsales.clean.parse._distinct import BLANKS, WORDS
from xlsales.clean.parse.placeholder import DOUBTFUL
from xlsales.clean.parse.text import FRACTION, LONG, SCIENTIFIC, WHOLE_FLOAT, ZEROED

if TYPE_CHECKING:
    import narwhals as nw

    from xlsales.clean.large.reading import Reading
    from xlsales.tables.spec import Column

    Frame = nw.LazyFrame[Any]

ODD = "|".join([
    "[^ -~\u4e00-\u9fff]", "  ", "^#", "^0+1?$",
    *(f"^(?:{one})$" for one in (WHOLE_FLOAT, FRACTION, SCIENTIFIC, ZEROED)),
])  # fmt: skip
"""Trimmed ids that ``parse.text.ids`` may give back otherwise, or has to know of to read others."""


def read_ids(read: Reading, frame: Frame, column: Column) -> Frame:
    """Ids trimmed, and those that are odd by their parser, or by patterns where these are too many."""
    import narwhals as nw

    name, found = read.at[column.name], f"rule {column.name}"
    text = nw.col(name).str.strip_chars()
    texts = few_texts_of(read.given.filter(odd(text, column)), name)
    if texts is None:
        value, rule = by_pattern(read.given, name)
        read.doubtful[found] = column.name
        frame = frame.with_columns(value.alias(column.name), rule.alias(found))
    else:
        frame = frame.with_columns(text.alias(column.name))
        if (zeroed := texts.str.strip().str.fullmatch(ZEROED)).any() and told_apart(read.given, name):
            texts = texts[~zeroed].reset_index(drop=True)
        if len(texts):
            frame = read.as_read(frame, read.parsed(column, texts), column.name)
    return frame.with_columns(nw.when(nw.col(column.name) != "").then(nw.col(column.name)).alias(column.name))


def odd(text: nw.Expr, column: Column) -> nw.Expr:
    """Whether a trimmed text of an id may say something else than it seems to."""
    lower = text.str.to_lowercase()
    found = text.str.contains(ODD) | lower.is_in(sorted(BLANKS | WORDS))
    if column.name == "phone":
        found |= text.str.replace_all("[ ()+-]", "").is_in(sorted(DOUBTFUL))
    return found


def told_apart(ids: Frame, name: str) -> bool:
    """Whether ids of more digits than Excel keeps tell records apart: most do not end in zeros there."""
    import narwhals as nw

    text = nw.col(name).str.strip_chars()
    long = ids.select(text=text).filter(nw.col("text").str.contains(f"^(?:{LONG})$")).unique()
    zeroed = nw.col("text").str.contains(f"^(?:{ZEROED})$").cast(nw.Int64).sum()
    counted = long.select(long=nw.len(), zeroed=zeroed).collect("pandas").to_pandas().fillna(0).iloc[0]
    return bool(2 * counted["zeroed"] < counted["long"])


def by_pattern(ids: Frame, name: str) -> tuple[nw.Expr, nw.Expr]:
    """What ids are, and the rule that each breaks, where too many are odd to read each: by patterns alone."""
    import narwhals as nw

    text = nw.col(name).str.strip_chars()
    exact = ids.select(text=text).filter(nw.col("text").str.contains(f"^(?:{FRACTION})$")).head(1)
    whole = nw.lit(False) if len(exact.collect("pandas")) else text.str.contains(f"^(?:{WHOLE_FLOAT})$")
    lost = text.str.contains(f"^(?:{SCIENTIFIC})$")
    if not told_apart(ids, name):
        lost |= text.str.contains(f"^(?:{ZEROED})$")
    unknown = text.str.to_lowercase().is_in(sorted(WORDS))
    blank = text.str.to_lowercase().is_in(sorted(BLANKS))
    value = nw.when(whole).then(text.str.replace_all(r"\.0+$", "")).otherwise(text)
    rule = nw.when(lost).then(nw.lit("lost_digits")).when(unknown).then(nw.lit("placeholder"))
    return nw.when(~(lost | unknown | blank)).then(value), rule
