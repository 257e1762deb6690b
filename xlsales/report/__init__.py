"""Pages of blocks, and how they become sheets.

``blocks`` is what a page can hold, ``pages`` builds them from tables and scope, ``charts`` composes
the chart forms, ``formats`` chooses units and writes numbers in sentences, ``figures`` gives tables
their units and live formulas, ``theme`` holds colours and fonts, ``measure`` knows how wide text is,
``layout`` places blocks on cells, ``writer`` makes the sheets and tells their placement.
"""
