"""Text becomes values: one pure parser per kind, then rules; every finding is an issue with its cell.

``clean`` is the order of it all, over the raw tables:

- reading: ``parse`` reads the kinds, ``read`` makes sheets into ``rows`` that know their cells, ``joined``
  (with ``discounts``) makes orders of headers and lines;
- ``review``: what people must decide and have decided, put to work before anything else is judged;
- what changes values, each told in ``changes``: ``naming`` (one spelling of names, products and places),
  ``fill`` from backups, the users' own rules;
- ``rules``: what is wrong, each finding in ``issues``, the log;
- proof and account: ``reconcile`` shows that what went in is what came out plus the listed exclusions,
  ``reconciling`` holds tables against each other, ``score``, ``missing``, ``by_source`` and ``call_back``
  sum up.
"""
