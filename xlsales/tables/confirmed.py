"""Headers whose meaning a user has confirmed: they win over every guess of ours, also after a rename."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Confirmed:
    """What a header of one kind of source means, or that it means nothing to us (``column`` is "").

    ``profile`` names the kind of source (see ``xlsales.tables.profiles``): the same export next month is
    another file with the same profile. ``header`` is as it stands in the sheet.
    """

    profile: str
    table: str
    header: str
    column: str
