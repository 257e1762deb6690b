"""``xlsales/metrics/_china.py``: China's working days as far as published, from the holidays package.

Add a year to ``YEARS`` once its arrangement is out and the package has it.
"""

from __future__ import annotations

from datetime import date, timedelta

import holidays

YEARS = range(2001, 2027)
FESTIVALS = range(2001, 2036)
HEAD = '''"""China's days that do not follow the week: weekdays off, and weekend days that are worked (调休).

Made by ``python -m docs`` from the holidays package, which takes a tenth of a second to begin with.
"""

EXCEPTIONS: dict[int, str] = {
'''

SECOND = """
NEW_YEAR: dict[int, str] = {
"""


def module() -> str:
    """The source of the module: one line a year, its exceptions as MMDD."""
    exceptions = "".join(f'    {year}: "{" ".join(_exceptions(year))}",\n' for year in YEARS)
    festivals = "".join(f'    {year}: "{_spring_festival(year):%m%d}",\n' for year in FESTIVALS)
    return f"{HEAD}{exceptions}}}\n{SECOND}{festivals}}}\n"


def _spring_festival(year: int) -> date:
    """The first day of the lunar year."""
    named = holidays.country_holidays("CN", years=year, language="en_US").items()
    return min(day for day, name in named if name.startswith("Chinese New Year (Spring Festival)"))


def _exceptions(year: int) -> list[str]:
    calendar = holidays.country_holidays("CN", years=year)
    days = (date(year, 1, 1) + timedelta(days=k) for k in range(366))
    return [
        f"{day:%m%d}"
        for day in days
        if day.year == year and calendar.is_working_day(day) != (day.weekday() < 5)
    ]
