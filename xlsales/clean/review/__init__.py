"""What a person must decide, what was decided, and decisions at work on every refresh."""
