"""The parts of README.md that are made: each stands between ``<!-- NAME -->`` and ``<!-- /NAME -->``."""

from __future__ import annotations

from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def between_markers(page: str, name: str, body: str) -> str:
    """``page`` with ``body`` as the part called ``name``; ValueError when the page has no such part."""
    start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    if page.count(start) != 1 or page.count(end) != 1:
        raise ValueError(f"README.md needs exactly one {start.strip()} ... {end}")
    before, _, rest = page.partition(start)
    return before + start + body.strip() + "\n" + end + rest.partition(end)[2]


def page() -> str:
    """README.md with the table of metrics as it should be."""
    return between_markers(README.read_text("utf-8"), "metrics", metrics_table())


def metrics_table() -> str:
    """Every metric as a row of a Markdown table."""
    from xlsales.metrics._catalogue import catalogue

    rows = ["| key | metric | 指标 | needs |", "|---|---|---|---|"]
    for metric in catalogue().values():
        needs = ", ".join(f"`{need}`" for need in metric.needs)
        rows.append(f"| `{metric.key}` | {metric.en} | {metric.zh} | {needs} |")
    return "\n".join(rows)
