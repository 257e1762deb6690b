"""Pages of blocks, and how they become sheets.

``blocks`` is what a page can hold, ``pages`` builds them from tables and scope, ``charts`` composes
the chart forms, ``formats`` chooses units and writes numbers in sentences, ``theme`` holds colours
and fonts, ``layout`` places blocks on cells, ``writer`` makes the sheets and tells their placement.
"""
