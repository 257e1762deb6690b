"""From what was reached to what is to be done: pace, needs, allocation, scores and commission.

Plain functions on numbers, without tables: ``pace`` and ``pipeline`` say where a target stands and what it
takes, ``allocation`` divides it, ``score`` and ``commission`` judge and pay.
"""
