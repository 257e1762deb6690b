"""Names, places and products in one spelling: what lists say, what is surely the same, what only looks so."""
