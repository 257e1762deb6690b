"""What is wrong with rows that could be read: one function per rule, and the users' own rules."""
