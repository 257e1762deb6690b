"""Wording with facts: in Chinese, words of another script stand off the characters around them."""

from __future__ import annotations

import pytest

from xlsales import language
from xlsales.report.formats import sentence

CASES = [
    ("主要因{name}", "United Kingdom", "主要因 United Kingdom"),
    ("{name}的销售额", "Ann", "Ann 的销售额"),
    ("按{name}拆解", "Région", "按 Région 拆解"),
    ("主要因{name}（{more}）", "Ann", "主要因 Ann（United 王）"),
    ("来自{more}，共{name}条", "12", "来自 United 王，共12条"),
    ("{name}、{more}", "华东", "华东、United 王"),
    ("{name}{more}", "华东", "华东 United 王"),
    ("按 {name} 拆解", "Ann", "按 Ann 拆解"),
    ("客户{name}", "王A店", "客户王A店"),
    ("{name}", "Ann", "Ann"),
    ("第{name:,}条", 1200, "第1,200条"),
    ("Q{name}销售额", "4", "Q4销售额"),
]


@pytest.mark.parametrize(("template", "name", "expected"), CASES)
def test_a_fact_is_spaced_only_where_a_letter_meets_a_han_character(
    template: str, name: object, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "wording", lambda _: {"key": template})
    assert language.text("zh", "key", name=name, more="United 王") == expected
    if isinstance(name, str):
        runs = sentence(template, name=name, more="United 王")
        assert "".join(run.text for run in runs) == expected
