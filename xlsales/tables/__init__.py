"""What comes in: the tables we know, and how sheets and files become them.

``spec`` says what a table is, ``specs`` which there are, ``sources`` reads files as sheets of text,
``header`` finds where a sheet's table begins, ``mapping`` gives its columns their canonical names.
"""
