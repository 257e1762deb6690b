"""Applies the fixes to what was found, one after the other, and says how each went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlsales.errors import XlsalesError
from xlsales.language import text

if TYPE_CHECKING:
    from pathlib import Path

    from xlsales.excel.doctor.finding import Finding
    from xlsales.language import Language


@dataclass(frozen=True)
class Mended:
    """What became of one finding: the file that was written, or the error that kept it as it is."""

    finding: Finding
    path: Path | None = None
    error: Exception | None = None

    def sentence(self, lang: Language) -> str:
        """How it went, in the user's language."""
        title = self.finding.title(lang)
        if isinstance(self.error, XlsalesError):
            reason = f"{self.error.what(lang)} {self.error.do(lang)}"
        elif isinstance(self.error, OSError) and self.error.filename:
            reason = f"{self.error.filename}: {self.error.strerror}"
        else:
            reason = str(self.error)
        if self.error is None:
            return text(lang, "doctor.fix.done", title=title, path=self.path)
        return text(lang, "doctor.fix.failed", title=title, reason=reason)


def mend(lang: Language | None = None, book: Path | None = None) -> tuple[Mended, ...]:
    """Mend what can be mended of what ``examine`` finds. A fix that fails leaves its matter as it was."""
    from xlsales.excel.doctor.checks import findings
    from xlsales.excel.doctor.fixes import FIXES
    from xlsales.excel.doctor.looking import look

    machine = look(book)
    done = []
    for finding in findings(machine, lang):
        if finding.key in FIXES:
            try:
                done.append(Mended(finding, FIXES[finding.key](machine)))
            except (OSError, ValueError, XlsalesError) as error:
                done.append(Mended(finding, error=error))
    return tuple(done)
