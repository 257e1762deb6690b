"""What the user is told when something cannot be done.

XlsalesError
├── InputError      the data: a file, sheet, header or cell that cannot be used
├── WorkbookError   the workbook as a package: encrypted, damaged, locked, changed meanwhile
└── UsageError      the request: an unknown metric, dimension, period or option

Every error is two sentences, what happened and what to do. Their wording lies in
``wording/{zh,en}.toml`` under ``[errors]`` as ``<key>.what`` and ``<key>.do``, so an error
is raised with a key and its facts, and put into words only where it is shown. A fact that has
a name in each language is given as a function of the language, such as ``metric.title``.
"""

from xlsales.language import Language, text


class XlsalesError(Exception):
    """An expected failure with a key and the facts that its two sentences name."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key, facts)
        self.key = key
        self.facts = facts

    def what(self, lang: Language) -> str:
        """What happened, in the user's language."""
        return self._say(lang, "what")

    def do(self, lang: Language) -> str:
        """What to do about it, in the user's language."""
        return self._say(lang, "do")

    def _say(self, lang: Language, sentence: str) -> str:
        facts = {name: fact(lang) if callable(fact) else fact for name, fact in self.facts.items()}
        return text(lang, f"errors.{self.key}.{sentence}", **facts)

    def __str__(self) -> str:
        return f"{self.what('en')} {self.do('en')}"


class InputError(XlsalesError):
    """The data cannot be used as it is."""


class WorkbookError(XlsalesError):
    """The workbook file cannot be opened, or cannot be replaced safely."""


class UsageError(XlsalesError):
    """The request names something that does not exist."""
