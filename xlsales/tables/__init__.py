"""What comes in: the tables we know, and how sheets and files become them.

``spec`` says what a table is, ``specs`` which there are (``selling``, ``money``, ``operations``) and
``vocabulary.toml`` what exports call their columns. ``sources`` reads files as sheets of text (``csvtext``
decodes, ``extent`` guards). ``mapping`` surveys the sheets: ``header`` reads the rows that may be headers,
``matching`` names their columns, ``body`` keeps the data rows, ``months`` turns months side by side into
rows. ``profiles`` knows an export again next month, ``confirmed`` what users said of its headers, ``seen``
shows what each was taken for.
"""
