"""Text becomes values: one pure parser per kind, then rules; every finding is an issue with its cell.

``parse`` reads the kinds, ``issues`` is the log, ``read`` makes sheets into ``rows`` that know their cells,
``rules`` (and ``lines``) find what is wrong, ``clean`` runs them over the raw tables and ``reconcile`` proves
that what went in is what came out plus the listed exclusions.
"""
