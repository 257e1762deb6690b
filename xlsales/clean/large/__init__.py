"""Cleaning tables that stay in an engine, in narwhals: what comes out of it is small, whatever goes in.

``reading`` makes texts values, ``spelling`` writes names in one way, ``own_rules`` does what the rules sheet
says, ``sources`` leaves out what another file knows better, ``repeats`` finds equal rows, ``account`` counts
what came in and what is left, ``judging`` holds clean rows against what is usual and against other tables
by the rules of the other modules. ``cleaning`` puts them in their order. Findings are counted in full and
listed up to ``listing.LISTED`` for each rule and column.
"""
