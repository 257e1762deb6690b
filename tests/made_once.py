"""What takes long to make is made by whichever worker asks first, for all of them."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def made_once(name: str, make: Callable[[], Any]) -> Any:
    """What is kept under the name in the folder that all workers share (see ``conftest``), or is made now."""
    kept = Path(os.environ["XDG_CACHE_HOME"]) / "made" / name
    if kept.exists():
        return pickle.loads(kept.read_bytes())
    made = make()
    kept.parent.mkdir(parents=True, exist_ok=True)
    own = kept.with_name(f"{name}.{os.getpid()}")
    own.write_bytes(pickle.dumps(made))
    own.replace(kept)
    return made
