"""What came in, as it came, until somebody or something has taken it."""
