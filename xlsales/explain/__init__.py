"""Any number of a page: what it is, on which basis, and the rows of the raw sheets that add up to it."""
