"""Who may open, read and change what: every address × method × role, and planted leaks."""
