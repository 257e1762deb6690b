"""What two tables say about the same orders, held against each other: money, invoices, sources, stock, hours.

Each module is one reconciliation, a pure function clean tables -> ``Comparison``; ``catalogue`` lists them.
"""
