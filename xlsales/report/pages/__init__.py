"""One file per page: what the page says, from tables and scope to blocks."""
