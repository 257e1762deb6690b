"""One spelling for names, places, numbers and ids."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlsales.clean.naming.chinese import simplified
from xlsales.clean.naming.identity import FORMS, company, is_person, is_pinyin, label, phone, record_id, words
from xlsales.clean.naming.regions import Place, is_place, place, region
from xlsales.clean.naming.similar import best_match, similarity


@pytest.mark.parametrize(
    "same",
    [
        ("晓光教育（北京）有限公司", "曉光教育(北京)", "晓光教育 北京 有限责任公司", "晓光教育北京"),
        ("Acme Co., Ltd.", "ACME", "acme  limited", "Ａｃｍｅ Inc"),
        ("B&B Holding GmbH", "b&b holding"),
        ("有限公司", "有限公司 "),
    ],
)
def test_spellings_of_one_company_are_one(same: tuple[str, ...]) -> None:
    assert len({company(name) for name in same}) == 1


def test_different_companies_stay_different() -> None:
    names = ["晓光教育", "晓光科技", "Acme North", "Acme", "Cosco", "上海公司", "北京公司"]
    assert len({company(name) for name in names}) == len(names)
    assert company(" - ") is None


@settings(deadline=None)
@given(st.text("abXY Ltd.,公司有限集团（）()北京0９&·"))
def test_a_name_in_its_spelling_stays_as_it_is(name: str) -> None:
    clean = company(name)
    assert clean is None or company(clean) in (clean, None)


@pytest.mark.parametrize(
    ("traditional", "simple"),
    [
        ("曉光教育", "晓光教育"),
        ("臺灣", "台湾"),
        ("乾坤", "乾坤"),
        ("餅乾", "饼干"),
        ("王喆", "王喆"),
        ("Ångström", "Ångström"),
    ],
)
def test_traditional_characters_become_simplified(traditional: str, simple: str) -> None:
    assert simplified(traditional) == simplified(simple) == simple


def test_simplified_names_import_no_converter() -> None:
    code = (
        "import sys; from xlsales.clean.naming.identity import company; company('晓光教育（北京）有限公司');"
        "assert 'opencc' not in sys.modules; company('曉光'); assert 'opencc' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("name", ["王芳", "欧阳 修", "陳靜", "阿不都拉"])
def test_two_to_four_chinese_characters_are_a_person(name: str) -> None:
    assert is_person(name)


@pytest.mark.parametrize("name", ["芳", "京东公司", "Wang Fang", "晓光教育科技", "王芳1"])
def test_anything_else_is_none(name: str) -> None:
    assert not is_person(name)


def test_a_thing_is_one_without_spaces_and_hyphens_but_numbers_stay_apart() -> None:
    assert {label(name) for name in ("GTX Pro", "GTXPro", "gtx-pro", "ＧＴＸ　Pro")} == {"gtxpro"}
    assert len({label(name) for name in ("A 12", "A 1-2", "A 1.2", "A 1")}) == 4
    assert label("A 1 - 2") == label("A 1-2")
    assert words("王  芳") == "王芳"
    assert words("Ann Lee") != words("Annlee")


@settings(deadline=None)
@given(st.text("abX Y-臺灣乾曉王芳浙江省Ltd.（）0９1·"), st.sampled_from(sorted(FORMS)))
def test_a_form_is_its_own_form(name: str, kind: str) -> None:
    form = FORMS[kind](name)
    assert form is None or FORMS[kind](form) in (form, None)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+86 138-0013-8000", "13800138000"),
        ("13800138000.0", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("0086 13800138000", "13800138000"),
        ("(010) 8888 1234", "010-88881234"),
        ("0571-88881234", "0571-88881234"),
        ("86-21-58881234", "021-58881234"),
        ("4001234567", "400-123-4567"),
        ("12345", None),
        ("12800138000", None),
        ("陈静", None),
        ("", None),
    ],
)
def test_a_phone_number_has_one_spelling_and_anything_else_none(written: str, number: str | None) -> None:
    assert phone(written) == number
    assert number is None or phone(number) == number


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("００１２a", "0012A"),
        (" a 12 ", "A12"),
        ("123.0", "123"),
        ("007", "007"),
        ("1.23E+17", None),
        ("-", None),
    ],
)
def test_an_id_keeps_its_zeros(written: str, value: str | None) -> None:
    assert record_id(written) == value


@pytest.mark.parametrize(
    ("written", "province", "city"),
    [
        ("浙江省杭州市西湖区", "浙江省", "杭州市"),
        ("浙江·宁波", "浙江省", "宁波市"),
        ("杭州", "浙江省", "杭州市"),
        ("Zhejiang", "浙江省", ""),
        ("Inner Mongolia", "内蒙古自治区", ""),
        ("内蒙古呼和浩特", "内蒙古自治区", "呼和浩特市"),
        ("北京", "北京市", "北京市"),
        ("上海市浦东新区", "上海市", "上海市"),
        ("新疆伊犁", "新疆维吾尔自治区", "伊犁哈萨克自治州"),
        ("湖北恩施州", "湖北省", "恩施土家族苗族自治州"),
        ("海南", "海南省", ""),
        ("海南藏族自治州", "青海省", "海南藏族自治州"),
        ("吉林", "吉林省", ""),
        ("吉林市", "吉林省", "吉林市"),
        ("吉林省吉林市", "吉林省", "吉林市"),
        ("香港", "香港特别行政区", ""),
    ],
)
def test_a_place_has_one_name(written: str, province: str, city: str) -> None:
    found = place(written)
    assert found is not None
    assert (found.province, found.city) == (province, city)


@pytest.mark.parametrize("written", ["上海路3号", "北京东路", "滨江校区", "", "Paris", "南京西路"])
def test_what_is_no_place_is_none(written: str) -> None:
    assert place(written) is None


def test_every_province_and_city_is_found_by_its_own_name() -> None:
    import tomllib
    from importlib.resources import files

    data = tomllib.loads(files("xlsales").joinpath("clean", "naming", "regions.toml").read_text("utf-8"))
    assert len(data["province"]) == 34
    for entry in data["province"]:
        found = place(entry["name"])
        assert found is not None
        assert (found.province, found.area) == (entry["name"], entry["area"])
        for city in entry["cities"].split():
            inside = place(f"{entry['name']}{city}")
            assert isinstance(inside, Place)
            assert inside.province == entry["name"]
            assert inside.city.startswith(city)


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("浙江", "浙江省"), ("Zhejiang", "浙江省"), ("浙江杭州", "浙江省杭州市"),
        ("杭州市", "浙江省杭州市"), ("上海浦東新區", "上海市浦东新区"),
        ("华东大区", "华东"), ("華東", "华东"),
        ("浙江省杭州市西湖区", "浙江省杭州市西湖区"), ("北京", "北京市"),
    ],
)  # fmt: skip
def test_a_region_has_one_form(written: str, form: str) -> None:
    assert is_place(written)
    assert region(written) == form
    assert region(form) == form


@pytest.mark.parametrize(
    "campus", ["浦东校区", "北京校区", "杭州滨江校区", "上海园区", "总部", "Paris", "南京西路"]
)
def test_a_campus_is_no_place(campus: str) -> None:
    assert not is_place(campus)


def test_a_large_area_may_be_the_companys_own() -> None:
    own = {"浙江": "江浙沪", "华东": "东区", "杭州": "直营"}
    areas = [one.area for name in ("浙江宁波", "安徽", "杭州", "北京") if (one := place(name, own))]
    assert areas == ["江浙沪", "东区", "直营", "华北"]


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Liu Yurui", True), ("ZHANG Qi", True), ("Ouyang Xue", True), ("Lü Bo", True), ("Liu", False),
        ("Liu Yurui Ltd", False), ("Red Panda", False), ("Northwind Traders", False), ("刘雨", False),
    ],
)  # fmt: skip
def test_a_person_in_pinyin_is_a_surname_and_a_name_of_one_or_two_syllables(name: str, person: bool) -> None:
    assert is_pinyin(name) is person


def test_likeness_is_one_for_the_same_and_grows_with_what_is_in_common() -> None:
    assert similarity("Acme North Ltd", "North Acme") == 1
    assert similarity("晓光教育有限公司", "晓光教育") == 1
    assert similarity("晓光教育", "晓光科技") == 0.5  # two of four letters
    assert similarity("", "x") == 0


def test_the_best_match_does_not_depend_on_the_order_and_may_be_none() -> None:
    names = ["Apex South", "Acme Nord", "Acme Nort", None, "Acme Nort"]
    assert best_match("Acme North", names, 0.8) == best_match("Acme North", names[::-1], 0.8)
    assert best_match("Acme North", names, 0.8) == ("Acme Nort", pytest.approx(2 * 9 / 19))
    assert best_match("Zebra", names, 0.8) is None
    assert best_match(" ", names, 0.0) is None
