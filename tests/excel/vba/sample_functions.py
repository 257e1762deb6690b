"""Functions in cells as a user of xlwings writes them, for the tests."""

import xlwings as xw


@xw.func(category="销售分析")
@xw.arg("table", doc="带表头的区域")
@xw.arg("calculation", vba="XsPass()")
def XS_TOTAL(table, by="owner", calculation=0):  # type: ignore[no-untyped-def]  # noqa: N802
    """某列的合计，
    for "each" row of the \\ kind.
    """
    return [[by, len(table), calculation]]


@xw.func(volatile=True)
def XS_JOIN(*parts):  # type: ignore[no-untyped-def]  # noqa: N802
    return "".join(map(str, parts))


@xw.func(category=14)
def XS_TODAY():  # type: ignore[no-untyped-def]  # noqa: N802
    """The day of the last refresh."""
    return "2026-11-27"


@xw.func
def XS_WHERE(caller, n):  # type: ignore[no-untyped-def]  # noqa: N802
    """Where the formula stands."""
    return caller.address


def unseen() -> None:
    """No function for cells."""
