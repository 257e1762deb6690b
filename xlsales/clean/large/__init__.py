"""Cleaning tables that stay in an engine, in narwhals: what comes out of it is small, whatever goes in.

``reading`` makes texts values, ``spelling`` writes names in one way, ``own_rules`` does what the rules sheet
says, ``repeats`` finds equal rows, ``cleaning`` leaves rows out and counts, ``judging`` holds clean rows
against what is usual and against other tables by the rules of the other modules, ``sources`` leaves out what
another file knows better. Findings are counted in full and listed up to ``listing.LISTED`` for each rule
and column.
"""
