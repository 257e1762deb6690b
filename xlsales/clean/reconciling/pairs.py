"""One-to-one pairs of equal keys, the nearest in time first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np


def paired(
    key: np.ndarray, day: np.ndarray, earlier: np.ndarray, later: np.ndarray, days: int | None
) -> Iterator[tuple[int, int]]:
    """Pairs of a position of ``earlier`` and one of ``later`` with the same key, each position once at most.

    Within ``days`` days, those of one day before those a day apart and so on; of equally near ones in the
    order given, and first those of ``later`` that come after. None: whatever the days, in the order given.
    """
    steps = [None] if days is None else [0, *(way * gap for gap in range(1, days + 1) for way in (1, -1))]
    for step in steps:
        if not (len(earlier) and len(later)):
            return
        one, other = _same(key, day, earlier, later, step)
        yield from zip(one.tolist(), other.tolist(), strict=True)
        earlier, later = _without(earlier, one), _without(later, other)


def _same(
    key: np.ndarray, day: np.ndarray, earlier: np.ndarray, later: np.ndarray, step: int | None
) -> tuple[np.ndarray, np.ndarray]:
    """The n-th of one side with the n-th of the other, among equal keys and, with a step, so many days on."""
    import numpy as np
    import pandas as pd

    sides = []
    for at, shift in ((earlier, step or 0), (later, 0)):
        when = np.zeros(len(at), "int64") if step is None else day[at] + shift
        frame = pd.DataFrame({"key": key[at], "day": when})
        sides.append(frame.assign(rank=frame.groupby(["key", "day"]).cumcount(), at=at))
    both = sides[0].merge(sides[1], on=["key", "day", "rank"])
    return both["at_x"].to_numpy(), both["at_y"].to_numpy()


def _without(positions: np.ndarray, gone: np.ndarray) -> np.ndarray:
    import numpy as np

    return positions[~np.isin(positions, gone)]
