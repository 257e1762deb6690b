from __future__ import annotations

import io
import logging
import subprocess
from datetime import date

import pytest
import xlsxwriter

from xlsales.errors import InputError
from xlsales.tables.mapping import survey
from xlsales.tables.sources import read, read_all, read_workbook

CSV = "订单编号,下单日期,金额\n00030,2026-03-01,￥1,2\n"


def workbook(fill, **options):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **options}) as book:
        fill(book)
    return buffer.getvalue()


def cells(sheet):
    """Every cell that holds something, by its address."""
    return {
        f"{sheet.letter(label)}{row}": text
        for label in sheet.rows
        for row, text in sheet.rows[label].items()
        if isinstance(text, str)
    }


def test_a_workbook_is_read_as_text_at_its_addresses():
    def fill(book):
        sheet = book.add_worksheet("数据")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_string("C5", "00030")
        sheet.write_number("D5", 12.5)
        sheet.write_datetime("E5", date(2026, 3, 1), day)
        sheet.write_boolean("F5", True)
        sheet.write_string("C9", "N/A")
        sheet.write_number("D9", 202603011234567)
        sheet.write_string("E9", "  ")
        sheet.write_formula("F9", "=1/0", None, "#DIV/0!")
        sheet.write_formula("C10", "=B1", None, "NULL")

    (sheet,) = read_workbook(workbook(fill), "book.xlsx")

    assert (sheet.source, sheet.sheet, sheet.first_column) == ("book.xlsx", "数据", 2)
    assert cells(sheet) == {
        "C5": "00030",
        "D5": "12.5",
        "E5": "2026-03-01 00:00:00",
        "F5": "true",
        "C9": "N/A",
        "D9": "202603011234567",
        "C10": "NULL",
    }
    assert sheet.errors == ((9, 3),)


def test_blank_rows_and_columns_of_the_used_range_are_gone():
    def fill(book):
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.write_string("A1", "x")
        sheet.write_string("A3000", "y")
        for row in range(2000):
            for column in range(30):
                sheet.write_blank(row + 5, column, None, bold)

    (sheet,) = read_workbook(workbook(fill), "book.xlsx")
    assert sheet.rows.shape == (2, 1)
    assert cells(sheet) == {"A1": "x", "A3000": "y"}


def test_our_own_very_hidden_and_chart_sheets_bring_no_rows(caplog):
    def fill(book):
        book.add_worksheet("数据").write("A1", "x")
        book.add_worksheet("总览").write("A1", "ours")
        book.add_worksheet("状态").very_hidden()
        book.add_worksheet("隐藏").hide()
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=数据!$A$1:$A$2"})
        book.add_chartsheet("图表").set_chart(chart)

    with caplog.at_level(logging.WARNING):
        sheets = read_workbook(workbook(fill), "book.xlsx", skip=["总览"])
    assert [(sheet.sheet, len(sheet.rows)) for sheet in sheets] == [("数据", 1), ("隐藏", 0), ("图表", 0)]
    assert caplog.records == []


def test_a_value_in_the_last_corner_is_refused_before_memory_is_asked_for():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write("A1", "x")
        sheet.write("XFD1048576", "y")

    with pytest.raises(InputError, match="row 1048576 and column 16384"):
        read_workbook(workbook(fill), "book.xlsx")


def test_formats_in_the_last_corner_do_no_harm():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write("A1", "x")
        sheet.write_blank("XFD1048576", None, book.add_format({"bold": True}))

    (sheet,) = read_workbook(workbook(fill), "book.xlsx")
    assert cells(sheet) == {"A1": "x"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_that_excel_writes_is_read(tmp_path, encoding):
    path = tmp_path / "三月.csv"
    path.write_bytes('订单编号,备注\r\n00030,"两行\r\n备注，含逗号,"\r\n\r\n00031,\r\n'.encode(encoding))

    (sheet,) = read(path)

    assert (sheet.source, sheet.sheet) == ("三月.csv", "三月")
    assert cells(sheet) == {
        "A1": "订单编号",
        "B1": "备注",
        "A2": "00030",
        "B2": "两行\r\n备注，含逗号,",
        "A4": "00031",
    }


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_below_title_lines_and_beside_decimal_commas(tmp_path, delimiter):
    quote = '"' if delimiter == "," else ""
    lines = ["Sales report", "", delimiter.join(["Date", "Amount", "Rep"])]
    lines += [
        delimiter.join([f"2026-03-0{k}", f"{quote}{k},5{quote}", "Li, Na" if not quote else "Li"])
        for k in range(1, 9)
    ]
    path = tmp_path / "sales.csv"
    path.write_text("\n".join(lines), "utf-8")

    (sheet,) = read(path)

    assert cells(sheet)["B4"] == "1,5"
    assert survey([sheet]).tables[0].frame["amount"].tolist() == [f"{k},5" for k in range(1, 9)]


def test_a_stated_delimiter_is_believed_and_its_line_counted(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_text("sep=;\nDate;Amount\n2026-03-01;1,5\n", "utf-8")
    (sheet,) = read(path)
    assert cells(sheet) == {"A2": "Date", "B2": "Amount", "A3": "2026-03-01", "B3": "1,5"}


def test_columns_aligned_with_spaces_are_split(tmp_path):
    path = tmp_path / "cdnow.txt"
    path.write_text(
        " customer_id  date dollar_value\n 00001 19970101   11.77\n 00002 19970112   12.00\n", "utf-8"
    )
    (sheet,) = read(path)
    assert cells(sheet)["A2"] == "00001"
    assert survey([sheet]).tables[0].frame["amount"].tolist() == ["11.77", "12.00"]


def test_what_a_file_is_its_content_says(tmp_path):
    text_named_xls = tmp_path / "a.xls"
    text_named_xls.write_bytes("日期\t金额\n2026-03-01\t5\n".encode("gb18030"))
    book_named_csv = tmp_path / "b.csv"
    book_named_csv.write_bytes(workbook(lambda book: book.add_worksheet().write("B2", "x")))
    assert cells(read(text_named_xls)[0])["B2"] == "5"
    assert cells(read(book_named_csv)[0]) == {"B2": "x"}


def test_a_folder_is_its_data_files_by_name(tmp_path):
    for name in ("b.csv", "a.CSV", "~$a.xlsx", ".hidden.csv", "notes.docx"):
        (tmp_path / name).write_text(CSV, "utf-8")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "c.csv").write_text(CSV, "utf-8")
    more = tmp_path / "inner" / "c.csv"
    assert [sheet.source for sheet in read_all([tmp_path, more])] == ["a.CSV", "b.csv", "c.csv"]


ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64) + "EncryptedPackage".encode("utf-16-le")
BROKEN = {
    "file_empty": ("a.csv", b" \r\n"),
    "unsupported_file": ("a.pdf", b"%PDF-1.7"),
    "input_unreadable": ("a.xlsx", b"not a zip file at all"),
    "input_encrypted": ("a.xlsx", ENCRYPTED),
    "web_page": ("a.xls", b"\xef\xbb\xbf\n<HTML><table><tr><td>1</td></tr></table></html>"),
    "csv_encoding": ("a.csv", b"a,b\n1,\xff\xff\n"),
    "csv_quotes": ("a.csv", b'a,b\n1,2\n"3,4\n5,6\n'),
}


@pytest.mark.parametrize("key", BROKEN)
def test_what_cannot_be_read_is_named_in_two_sentences(tmp_path, key):
    name, data = BROKEN[key]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError) as caught:
        read(tmp_path / name)
    assert caught.value.key == key
    for lang in ("zh", "en"):
        assert name in caught.value.what(lang)
        assert caught.value.do(lang)


def test_an_old_workbook_that_is_none_is_not_called_a_bad_csv(tmp_path):
    (tmp_path / "a.xls").write_bytes(b"\x09\x08\x08\x00\x00\x05\x05\x00")
    with pytest.raises(InputError) as caught:
        read(tmp_path / "a.xls")
    assert caught.value.key == "input_unreadable"


@pytest.mark.libreoffice
def test_an_old_workbook_is_read_at_its_addresses(tmp_path):
    def fill(book):
        sheet = book.add_worksheet("数据")
        sheet.write_string("C4", "00030")
        sheet.write_datetime("D4", date(2026, 3, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_formula("E4", "=1/0", None, "#DIV/0!")

    (tmp_path / "a.xlsx").write_bytes(workbook(fill))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "xls",
        "--outdir",
        tmp_path,
        tmp_path / "a.xlsx",
    ]
    subprocess.run(convert, check=True, capture_output=True, timeout=120)
    (sheet,) = read(tmp_path / "a.xls")
    assert cells(sheet) == {"C4": "00030", "D4": "2026-03-01 00:00:00"}
    assert sheet.errors == ((4, 2),)


def test_a_line_that_cannot_be_decoded_is_counted(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"a,b\n1,2\n3,\xff\xff\n")
    with pytest.raises(InputError, match="line 3"):
        read(tmp_path / "a.csv")


def test_missing_files_and_empty_folders_are_named(tmp_path):
    with pytest.raises(InputError, match=r"There is no .*nothing\.csv"):
        read_all([tmp_path / "nothing.csv"])
    with pytest.raises(InputError, match="no file that can be read"):
        read_all([tmp_path])


def test_a_cut_off_workbook_is_refused_not_crashed(tmp_path):
    data = workbook(lambda book: book.add_worksheet().write("A1", "x"))
    for length in range(4, len(data), 97):
        (tmp_path / "a.xlsx").write_bytes(data[:length])
        with pytest.raises(InputError):
            read(tmp_path / "a.xlsx")
