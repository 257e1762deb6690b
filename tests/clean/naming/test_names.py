"""One spelling for each name: known answers, and what must hold whatever the names."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clean.sheets import raw, sheet
from xlsales.clean.clean import clean
from xlsales.clean.naming.names import Elsewhere, spellings, standardise_names
from xlsales.clean.naming.products import listed_names, name_by_code, official_names
from xlsales.clean.read import read_rows
from xlsales.clean.review.decisions import Decision

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from xlsales.clean.clean import Cleaned
    from xlsales.tables.spec import RawTable


def orders(field: str, names: Sequence[str | None]) -> RawTable:
    """An order a name, 100 each."""
    days = ["2026-10-01"] * len(names)
    ids = [f"O{at}" for at in range(len(names))]
    return raw("orders", {"order_id": ids, "order_date": days, "amount": ["100"] * len(names), field: names})


def aliases(*rows: str) -> RawTable:
    return sheet("aliases", "\n".join(["kind | alias | name", *rows]), name="名称对照")


def names_of(cleaned: Cleaned, field: str = "customer", table: str = "orders") -> list[Any]:
    column = cleaned.tables[table][field]
    return column.where(column.notna(), None).tolist()


def changes_of(cleaned: Cleaned) -> list[tuple[str, ...]]:
    names = ["rule", "cell", "field", "before", "after", "origin"]
    return list(cleaned.changes[names].itertuples(index=False, name=None))


# Spellings


def test_names_of_one_form_get_the_commonest_spelling_and_every_change_is_told() -> None:
    cleaned = clean([orders("customer", ["Acme Ltd", "ACME Co., Ltd.", "Acme Ltd", "Other"])])
    assert names_of(cleaned) == ["Acme Ltd"] * 3 + ["Other"]
    assert changes_of(cleaned) == [("one_spelling", "D3", "customer", "ACME Co., Ltd.", "Acme Ltd", "")]


def test_of_equally_common_spellings_the_first_in_the_alphabet_is_written() -> None:
    names = ["曉光教育（北京）有限公司", "晓光教育(北京)"]
    for given_ in (names, names[::-1]):
        assert set(names_of(clean([orders("customer", given_)]))) == {min(names)}


def test_the_customers_table_says_the_spelling_and_its_cell_is_the_origin() -> None:
    master = sheet("customers", "customer_id | customer\nC1 | Acme Inc", name="客户")
    cleaned = clean([orders("customer", ["ACME", "ACME"]), master])
    assert names_of(cleaned) == ["Acme Inc", "Acme Inc"]
    assert {change[-1] for change in changes_of(cleaned)} == {"客户!B2"}


def test_names_that_the_customers_table_has_in_several_spellings_are_several() -> None:
    master = sheet("customers", "customer_id | customer\nC1 | Acme Inc\nC2 | Acme GmbH")
    cleaned = clean([orders("customer", ["ACME", "Acme GmbH"]), master])
    assert names_of(cleaned) == ["ACME", "Acme GmbH"]
    assert names_of(cleaned, table="customers") == ["Acme Inc", "Acme GmbH"]


def test_people_are_one_only_in_width_and_spaces() -> None:
    cleaned = clean([orders("customer", ["王 芳", "王芳", "王芳", "王方", "陳靜", "陈静"])])
    assert names_of(cleaned) == ["王芳", "王芳", "王芳", "王方", "陳靜", "陈静"]
    assert "similar_name" not in set(cleaned.issues["rule"])


@pytest.mark.parametrize("field", ["rep", "team", "channel"])
def test_reps_teams_and_channels_are_one_in_width_case_and_spaces(field: str) -> None:
    cleaned = clean([orders(field, ["Ａｎｎ Lee", "Ann  Lee", "Ann Lee", "ann lee", "Anne Lee"])])
    assert names_of(cleaned, field) == ["Ann Lee"] * 4 + ["Anne Lee"]


def test_one_name_is_one_over_all_tables() -> None:
    target = sheet("targets", "period | rep | target\n2026-10 | ann lee | 5")
    cleaned = clean([orders("rep", ["Ann Lee", "Ann Lee"]), target])
    assert names_of(cleaned, "rep", "targets") == ["Ann Lee"]


# Aliases


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("客户", "customer"), ("学员", "customer"), ("Customer", "customer"), ("课程", "product"),
        ("Course", "product"),
        ("校区", "region"), ("地区", "region"), ("Region", "region"), ("顾问", "rep"),
        ("Sales Rep", "rep"), ("渠道", "channel"),
        ("Channel", "channel"), ("团队", "team"), ("", "channel"), ("", "rep"),
    ],
)  # fmt: skip
def test_an_alias_of_a_kind_holds_in_its_column(kind: str, field: str) -> None:
    cleaned = clean([orders(field, ["旧名", "其他"]), aliases(f"{kind} | 旧名 | 新名")])
    assert names_of(cleaned, field) == ["新名", "其他"]
    assert changes_of(cleaned) == [("alias", "D2", field, "旧名", "新名", "名称对照!B2")]


def test_an_alias_of_another_kind_changes_nothing() -> None:
    cleaned = clean([orders("rep", ["旧名"]), aliases("渠道 | 旧名 | 新名")])
    assert names_of(cleaned, "rep") == ["旧名"]


def test_an_alias_of_its_kind_goes_before_one_of_any() -> None:
    cleaned = clean([orders("rep", ["甲某"]), aliases(" | 甲某 | 乙某", "顾问 | 甲某 | 丙某")])
    assert names_of(cleaned, "rep") == ["丙某"]
    assert cleaned.issues.empty


def test_an_alias_holds_for_every_spelling_of_it_and_goes_before_the_customers_table() -> None:
    master = sheet("customers", "customer_id | customer\nC1 | ACME")
    cleaned = clean(
        [orders("customer", ["Acme Co., Ltd.", "acme", "Acme International"]), master,
         aliases("客户 | Acme Ltd | Acme International")]
    )  # fmt: skip
    assert names_of(cleaned) == ["Acme International"] * 3
    assert names_of(cleaned, table="customers") == ["Acme International"]


def test_a_listed_standard_name_is_written_for_its_own_spellings() -> None:
    cleaned = clean([orders("customer", ["ACME", "ACME", "old"]), aliases("客户 | old | Acme Ltd")])
    assert names_of(cleaned) == ["Acme Ltd"] * 3


def issues_of(cleaned: Cleaned) -> list[tuple[str, ...]]:
    names = ["rule", "action", "cell", "value", "suggestion"]
    return list(cleaned.issues[names].itertuples(index=False, name=None))


def test_a_chain_is_followed_to_its_end_and_pointed_out() -> None:
    cleaned = clean([orders("rep", ["A", "B", "C"]), aliases("顾问 | A | B", "顾问 | B | C")])
    assert names_of(cleaned, "rep") == ["C", "C", "C"]
    assert issues_of(cleaned) == [("alias_chain", "read", "C2", "B", "C")]


def test_a_circle_means_nothing_and_is_pointed_out() -> None:
    cleaned = clean([orders("rep", ["A", "B", "X"]), aliases("顾问|A|B", "顾问|B|A", "顾问|X|A")])
    assert names_of(cleaned, "rep") == ["A", "B", "X"]
    assert issues_of(cleaned) == [
        ("alias_cycle", "kept", "C2", "B", ""),
        ("alias_cycle", "kept", "C3", "A", ""),
        ("alias_cycle", "kept", "C4", "A", ""),
    ]


def test_an_alias_of_two_names_means_nothing_and_each_row_names_the_other() -> None:
    cleaned = clean([orders("rep", ["A", "X"]), aliases("顾问|A|B", "顾问|a|C", "顾问|X|A")])
    assert names_of(cleaned, "rep") == ["A", "X"]
    assert issues_of(cleaned) == [
        ("alias_conflict", "kept", "C2", "B", "C"),
        ("alias_conflict", "kept", "C3", "C", "B"),
    ]


def test_the_same_alias_twice_is_no_conflict() -> None:
    cleaned = clean([orders("rep", ["A"]), aliases("顾问 | A | B", "顾问 | A | B")])
    assert names_of(cleaned, "rep") == ["B"]
    assert set(cleaned.issues["rule"]) == {"possible_duplicate"}


def test_an_unknown_kind_is_pointed_out_and_not_used() -> None:
    cleaned = clean([orders("rep", ["A"]), aliases("供应商 | A | B")])
    assert names_of(cleaned, "rep") == ["A"]
    assert issues_of(cleaned) == [("alias_kind", "kept", "A2", "供应商", "")]


# Similar names


def test_a_name_misspelt_is_proposed_and_nothing_is_changed() -> None:
    cleaned = clean([orders("customer", ["Northwind Traders", "Nortwhind Traders Ltd", "Northwind Traders"])])
    assert names_of(cleaned)[1] == "Nortwhind Traders Ltd"
    assert issues_of(cleaned) == [
        ("similar_name", "kept", "D3", "Nortwhind Traders Ltd", "Northwind Traders")
    ]
    assert cleaned.issues["amount"].tolist() == [100]


def test_the_name_in_the_customers_table_is_proposed_for_a_commoner_one() -> None:
    master = sheet("customers", "customer_id | customer\nC1 | Northwind Traders")
    cleaned = clean([orders("customer", ["Nortwind Traders"] * 2), master])
    assert cleaned.issues[["rule", "value", "suggestion"]].to_numpy().tolist() == [
        ["similar_name", "Nortwind Traders", "Northwind Traders"]
    ]


def decision(choice: Any, old: str, value: str, rule: str = "similar_name") -> Decision:
    return Decision("orders", "O1", "customer", old, rule, choice, value, "陈静")


def test_a_correction_of_a_similar_name_holds_for_all_its_rows_and_settles_the_case() -> None:
    sheets = [orders("customer", ["Northwind Traders"] * 2 + ["Nortwind Traders", "NORTWIND Traders Ltd"])]
    settled = clean(sheets, [decision("correct", "Nortwind Traders", "Northwind Traders")])
    assert names_of(settled) == ["Northwind Traders"] * 4
    assert {change[0] for change in changes_of(settled)} == {"alias"}
    assert {change[-1] for change in changes_of(settled)} == {"陈静"}
    assert settled.issues.empty


@pytest.mark.parametrize(
    "other",
    [
        decision("accept", "Nortwind Traders", "Northwind Traders"),
        decision("defer", "Nortwind Traders", "Northwind Traders"),
        decision("correct", "Nortwind Traders", ""),
    ],
)
def test_no_other_decision_renames(other: Decision) -> None:
    sheets = [orders("customer", ["Northwind Traders", "Nortwind Traders"])]
    assert names_of(clean(sheets, [other])) == ["Northwind Traders", "Nortwind Traders"]


def test_the_aliases_sheet_stands_against_a_decision() -> None:
    sheets = [orders("customer", ["old name"]), aliases("客户 | old name | sheet's")]
    assert names_of(clean(sheets, [decision("correct", "old name", "decided")])) == ["sheet's"]


# Regions


def test_places_get_one_spelling_where_most_of_a_column_are_places() -> None:
    cleaned = clean(
        [orders("region", ["浙江", "浙江省", "浙江省", "Zhejiang", "北京市", "北京", "北京", "江蘇"])]
    )
    assert names_of(cleaned, "region") == ["浙江省"] * 4 + ["北京"] * 3 + ["江蘇"]


def test_campuses_called_like_places_stay() -> None:
    names = ["浦东校区", "滨江校区", "北京", "北京市", "西湖校区"]
    cleaned = clean([orders("region", names)])
    assert names_of(cleaned, "region") == names
    assert cleaned.issues.empty


def test_a_district_is_not_its_city() -> None:
    names = ["浙江杭州西湖区", "浙江省杭州市西湖区", "杭州", "浙江"]
    assert names_of(clean([orders("region", names)]), "region") == [names[0], names[0], "杭州", "浙江"]


def test_among_places_what_is_none_is_listed_once() -> None:
    cleaned = clean([orders("region", ["浙江", "北京", "华东大区", "总部", "总部"])])
    assert issues_of(cleaned) == [("unknown_region", "kept", "D5", "总部", "")]


def test_an_alias_goes_before_the_dictionary() -> None:
    cleaned = clean([orders("region", ["浙江", "浙江省", "北京"]), aliases("地区 | 浙江 | 江浙沪")])
    assert names_of(cleaned, "region") == ["江浙沪", "江浙沪", "北京"]


# Laws

NAMES = [
    None, "Acme Ltd", "ACME", "Acme Co., Ltd.", "acme", "Ａｃｍｅ", "Apex",
    "晓光教育", "曉光教育有限公司", "晓光教育(北京)", "晓光教育北京",
    "王芳", "王 芳", "浙江", "浙江省", "Zhejiang", "北京", "总部",
    "GTX Pro", "GTXPro", "GTX-Pro", "GTX 1-2", "GTX 12",
]  # fmt: skip
FIELDS = ("customer", "product", "region", "rep", "team", "channel")
name = st.sampled_from(NAMES)
rows_of_names = st.lists(st.tuples(*[name] * len(FIELDS), st.sampled_from([None, "P1", "P2"])), max_size=8)
alias_rows = st.lists(
    st.tuples(st.sampled_from([None, "客户", "地区", "产品", "顾问", "大区", "什么"]), name, name), max_size=5
)


def book(names: list[tuple[Any, ...]], listed: list[tuple[Any, ...]]) -> list[RawTable]:
    ids = [f"O{at}" for at in range(len(names))]
    columns: dict[str, Any] = {"order_id": ids, "customer_id": [f"c{one}" for one in ids]}
    columns |= {field: [row[at] for row in names] for at, field in enumerate((*FIELDS, "product_id"))}
    alias_columns = {field: [row[at] for row in listed] for at, field in enumerate(("kind", "alias", "name"))}
    master = {"product_id": ["P1", "P2"], "product": ["GTX Pro", "Apex"]}
    return [
        raw("orders", {"order_date": ["2026-10-01"] * len(ids), "amount": ["1"] * len(ids), **columns}),
        raw("aliases", alias_columns, name="别名"),
        raw("products", master, name="课程"),
    ]


def standardised(sheets: list[RawTable]) -> Any:
    read = {one.table.key: read_rows([one]) for one in sheets}
    official = official_names(listed_names(read))
    tables, coded = name_by_code(read, official)
    tables, named = standardise_names(tables, spellings(tables))
    return tables, [*coded, *named]


@settings(deadline=None, max_examples=20)
@given(rows_of_names, alias_rows)
def test_standard_names_stay_as_they_are(names: list[Any], listed: list[Any]) -> None:
    tables, _ = standardised(book(names, listed))
    again, first = name_by_code(tables, official_names(listed_names(tables)))
    _, second = standardise_names(again, spellings(again))
    assert [*first, *second] == []


@settings(deadline=None, max_examples=20)
@given(rows_of_names, alias_rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_means_nothing(names: list[Any], listed: list[Any], dice: random.Random) -> None:
    turned, other = list(names), list(listed)
    dice.shuffle(turned)
    dice.shuffle(other)

    def said(of: list[Any], by: list[Any]) -> Counter[Any]:
        tables, _ = standardised(book(of, by))
        return Counter(tables["orders"].frame[list(FIELDS)].fillna("").itertuples(index=False, name=None))

    assert said(names, listed) == said(turned, other)


@settings(deadline=None, max_examples=20)
@given(rows_of_names, alias_rows)
def test_ids_stay_and_every_change_is_told(names: list[Any], listed: list[Any]) -> None:
    sheets = book(names, listed)
    before = {one.table.key: read_rows([one]).frame for one in sheets}
    tables, changes = standardised(sheets)
    for key, frame in before.items():
        for column in frame:
            now = tables[key].frame[column]
            different = frame.index[
                (frame[column].fillna("") != now.fillna("")) if now.dtype == "str" else []
            ]
            told = {row for one in changes if (one.table, one.field) == (key, column) for row in one.rows}
            assert set(different) <= told
            assert column in FIELDS or not len(different)


# Who is told apart by more than the name


def leads(*rows: str) -> RawTable:
    return sheet("leads", "\n".join(["created | customer | customer_id | phone", *rows]))


@pytest.mark.parametrize(
    ("known", "doubtful", "proposed"),
    [
        ("Northwind Traders |    |", "Nortwind Traders |    |", True),
        ("Northwind Traders | C1 |", "Nortwind Traders |    |", True),
        ("Northwind Traders | C1 |", "Nortwind Traders | C2 |", False),
        ("Northwind Traders |    | 13912345678", "Nortwind Traders |    | 13912345678", True),
        ("Northwind Traders |    | 13912345678", "Nortwind Traders |    | 13900139000", False),
    ],
)
def test_ids_and_phones_tell_customers_apart(known: str, doubtful: str, proposed: bool) -> None:
    cleaned = clean([leads(f"2026-10-01 | {known}", f"2026-10-02 | {known}", f"2026-10-03 | {doubtful}")])
    assert ("similar_name" in set(cleaned.issues["rule"])) is proposed


def test_names_in_tables_elsewhere_count_and_say_how_they_are_spelled() -> None:
    columns = {"order_date": ["2026-10-01"] * 3, "amount": ["1"] * 3, "region": ["濱江", "濱江", "城西"]}
    tables = {"orders": read_rows([raw("orders", columns)])}
    spelled = spellings(tables, (), Elsewhere({"region": {"滨江": 3, "城 西": 1}}))
    left, _ = standardise_names(tables, spelled)
    assert left["orders"].frame["region"].tolist() == ["滨江", "滨江", "城 西"]
    assert set(spelled["region"]) == {"濱江", "城西"}
    assert "region" not in spellings(tables, (), Elsewhere(uncounted=frozenset({"region"})))
