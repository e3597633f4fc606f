"""Letters as they are printed."""
