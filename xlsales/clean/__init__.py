"""Text becomes values: one pure parser per kind, then rules; every finding is an issue with its cell.

``parse`` reads the kinds, ``issues`` is the log, ``rules`` finds what is wrong, ``clean`` runs them
over the raw tables and proves that what went in is what came out plus the listed exclusions.
"""
