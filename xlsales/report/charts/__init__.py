"""The chart forms: each takes figures and words and composes a ``Chart`` block.

A chart with nothing to draw keeps its place and shows its ``empty`` sentence. Where there are more
items than a chart can name, the ends are drawn and the note says so.
"""

from xlsales.report.charts.bars import bars, progress
from xlsales.report.charts.columns import histogram, ranked, trend
from xlsales.report.charts.intervals import intervals
from xlsales.report.charts.waterfall import bridge

__all__ = ["bars", "bridge", "histogram", "intervals", "progress", "ranked", "trend"]
