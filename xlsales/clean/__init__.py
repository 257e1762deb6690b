"""Text becomes values: one pure parser per kind, then rules; every finding is an issue with its cell.

``clean`` is the order of it all, over the raw tables:

- reading: ``parse`` reads the kinds, ``read`` makes sheets into ``rows`` that know their cells, ``joined``
  (with ``discounts``) makes orders of headers and lines;
- what people decided: ``decisions`` about ``cases``, found again by ``keys``, put to work by ``settle``;
- what changes values, each told in ``changes``: one spelling (``names``, ``products``, ``regions``, by
  ``aliases`` and ``standards``), ``fill`` from backups, the users' own rules (``user_rules``,
  ``conditions``);
- what is wrong: ``rules`` lists the checks, whose findings go to ``issues``, the log;
- proof and account: ``reconcile`` shows that what went in is what came out plus the listed exclusions,
  ``reconciling`` holds tables against each other, ``score``, ``missing``, ``by_source`` and ``call_back``
  sum up.
"""
