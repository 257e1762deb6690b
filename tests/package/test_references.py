from __future__ import annotations

import pytest

from xlsales.package.references import renamed, sheets_read, words

READS = [
    ("=SUM(B2:B4)", set()),
    ("=Data!A1+data2!$B$2", {"Data", "data2"}),
    ("='My sheet'!A1&'It''s'!B2", {"My sheet", "It's"}),
    ('="Data!A1"&Data!A1', {"Data"}),
    ('="a ""Data!"" b"', set()),
    ("=总览!B7*2", {"总览"}),
    ("=IF(A1=#REF!,1,Data!A1)", {"Data"}),
    ("=#REF!A1", set()),
    ("=[1]Data!A1", {"[1]Data"}),
    ("='[1]My data'!A1", {"[1]My data"}),
    ("=SUM(Jan:Mar!A1)", {"Jan:Mar"}),
    ("=SUM('Jan:Mar'!A1)", {"Jan:Mar"}),
    ("=SUM(A1:Data!B2)", {"Data"}),
    ("=SUM(Data!$A$1:Data!$B$2)", {"Data"}),
    ("Orders[[#This Row],[It's Data!]]", set()),
    ("'总览'!$1:$4,'总览'!$A:$B", {"总览"}),
]


@pytest.mark.parametrize(("formula", "sheets"), READS, ids=[formula for formula, _ in READS])
def test_the_sheets_that_a_formula_reads_are_found(formula: str, sheets: set[str]) -> None:
    assert sheets_read(formula) == sheets


RENAMED = [
    ("=Data!A1+DATA!B1", "='Data (2)'!A1+'Data (2)'!B1"),
    ("='Data'!A1", "='Data (2)'!A1"),
    ("=Data2!A1", "=Data2!A1"),
    ('="Data!A1"', '="Data!A1"'),
    ("=[1]Data!A1", "=[1]Data!A1"),
    ("=SUM(A1:Data!B2)", "=SUM(A1:'Data (2)'!B2)"),
    ("=SUM(Data!$A$1:Data!$B$2)", "=SUM('Data (2)'!$A$1:'Data (2)'!$B$2)"),
    ("=it!A1", "='It''s'!A1"),
    ("=SUM(Orders[Amount])+Orders2[Amount]", "=SUM(Orders_2[Amount])+Orders2[Amount]"),
    ("=ROWS(orders)", "=ROWS(Orders_2)"),
    ("=Orders(1)", "=Orders(1)"),
    ("=Other[Orders]", "=Other[Orders]"),
]


@pytest.mark.parametrize(("before", "after"), RENAMED, ids=[before for before, _ in RENAMED])
def test_a_formula_under_new_names_reads_the_same_cells(before: str, after: str) -> None:
    assert renamed(before, {"data": "Data (2)", "it": "It's"}, {"orders": "Orders_2"}) == after


def test_words_are_whatever_may_be_a_name() -> None:
    assert {"rate", "orders"} <= words('=rate*SUM(Orders[a])&"text"&Data!A1')
    assert not {"text", "sum", "data", "a"} & words('=rate*SUM(Orders[a])&"text"&Data!A1')
