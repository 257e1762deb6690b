"""Text and ids: what a cell says, with its zeros and without its accidents."""

from __future__ import annotations

import re

from xlsales.clean.parse import placeholder
from xlsales.clean.parse._distinct import Reading, narrow

PLAIN_ID = "^[!-*,\\-/-~]{1,15}$"
"""Ids that ``ids`` gives back as they are: no other widths, no point, no plus, and short."""
PLAIN_PHONE = "^[0-9]{1,12}$"
"""Numbers that ``phones`` gives back as they are, unless they are doubtful."""

WHOLE_FLOAT = r"[0-9]+\.0+"
FRACTION = r"[0-9]+\.[0-9]*[1-9][0-9]*"
SCIENTIFIC = r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]{2}"
LONG = "[1-9][0-9]{15,}"
ZEROED = "[1-9][0-9]{14}0+"
"""Excel keeps 15 digits of a number and writes zeros for the rest."""
_PRECISE = 15
_WHOLE_FLOAT, _FRACTION, _SCIENTIFIC, _LONG, _ZEROED = map(
    re.compile, (WHOLE_FLOAT, FRACTION, SCIENTIFIC, LONG, ZEROED)
)


def text(texts: list[str]) -> Reading:
    """The tidied text itself."""
    return Reading(texts)


def phones(texts: list[str]) -> Reading:
    """Phone numbers as ids, but for those that nobody has."""
    read = ids(texts)
    values, faults = list(read.values), {at: (rule, at, shown) for rule, at, shown in read.faults}
    for at in placeholder.phones(texts):
        values[at], faults[at] = None, ("placeholder", at, "")
    return Reading(values, [faults[at] for at in sorted(faults)])


def ids(texts: list[str]) -> Reading:
    """Ids with their zeros, but for those that stand for none. ``123.0`` is ``123`` beside no fraction.

    An id that Excel has turned into a number of more than 15 digits (``1.23E+17``, or zeros from the
    16th digit on in half of the long ids) no longer tells two records apart, and is lost.
    """
    # What a pattern cannot do without is asked of all ids at once: patterns are dear at a million of them.
    together = "\n".join(texts)
    read = texts
    if not together.isascii():
        read = [narrow(one) for one in texts]
        together = "\n".join(read)
    if "." in together and not any("." in one and _FRACTION.fullmatch(one) for one in texts):
        read = [one.partition(".")[0] if _WHOLE_FLOAT.fullmatch(one) else one for one in read]
    longest = max(map(len, read), default=0)
    long = [at for at, one in enumerate(read) if _LONG.fullmatch(one)] if longest > _PRECISE else []
    zeroed = [at for at in long if _ZEROED.fullmatch(read[at])]
    lost = [at for at, one in enumerate(read) if _SCIENTIFIC.fullmatch(one)] if "+" in together else []
    if 2 * len(zeroed) >= len(long):
        lost += zeroed
    values: list[str | None] = list(read)
    none = placeholder.zeros(read)
    for at in (*lost, *none):
        values[at] = None
    faults = [("lost_digits", at) for at in lost] + [("placeholder", at) for at in none]
    return Reading(values, [(rule, at, "") for rule, at in sorted(faults, key=lambda one: one[1])])
