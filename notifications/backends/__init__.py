"""Where messages are handed over. Each provider's words and codes stay in its own module."""
