"""Clean tables and a scope in, a small tidy table out: one file per metric or tight family.

A metric is declared once, in its own file (``_catalogue`` has the decorator and finds them all).
Files that begin with an underscore are shared ground: scope, calendar, facts, statistics.
"""
