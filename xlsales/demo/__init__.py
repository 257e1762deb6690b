"""A training institution that does not exist: 26 months of raw sheets whose true answers are known."""
