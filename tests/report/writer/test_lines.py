"""Forms, alerts and notes."""

from __future__ import annotations

import pytest
from openpyxl.utils import range_boundaries

from tests.report import sample
from tests.report.writer.reading import of


def test_a_form_keeps_its_values_and_offers_its_choices(book, lang, written):
    sheet = book[sample.names(lang)["hostile"]]
    _, top, right, bottom = range_boundaries(of(written, "hostile").blocks["settings"])
    assert [sheet.cell(row, right).value for row in range(top, bottom + 1)] == ["2026-10", "signed", 3]
    fields = of(written, "hostile").fields
    assert list(fields) == ["settings.period", "settings.basis", "settings.n"]
    assert [sheet[cell].value for cell in fields.values()] == ["2026-10", "signed", 3]
    choice = sheet.data_validations.dataValidation[0]
    name, cells = choice.formula1.rsplit("!", 1)
    source = book[name.strip("'").replace("''", "'")]
    assert [c.value for row in source[cells.replace("$", "")] for c in row] == ["signed", "net", "cash"]


def test_an_alert_is_marked_linked_and_signed(cached, written, lang):
    sheet = cached[sample.names(lang)["overview"]]
    left, top, right, bottom = range_boundaries(of(written, "overview").blocks["alerts_1"])
    assert bottom - top == 4
    first = [sheet.cell(top + 1, column).value for column in (left, right - 1, right)]
    assert first[0].startswith(sample.words(lang, "■ 高", "■ High"))
    assert first[1] == f"{sample.names(lang)['attainment']} →"
    assert first[2] == pytest.approx(-21.3 if lang == "zh" else -213)
    assert sheet.cell(top + 3, left).value.endswith("…")
    assert sheet.cell(top + 3, right).value is None
    assert sheet.cell(top + 4, right - 1).value is None


def test_a_long_note_is_merged_and_wrapped_and_a_short_one_overflows(book, written, lang):
    sheet = book[sample.names(lang)["attainment"]]
    left, top, right, bottom = range_boundaries(of(written, "attainment").blocks["note_1"])
    assert bottom == top + 1
    merged = {(area.min_row, area.min_col, area.max_col) for area in sheet.merged_cells.ranges}
    assert (bottom, left, right) in merged
    assert (top, left, right) not in merged


def test_a_headline_keeps_its_tones_as_rich_text(parts):
    assert '<b/><sz val="13"/><color rgb="FFB34700"/>' in parts["xl/sharedStrings.xml"].decode()
