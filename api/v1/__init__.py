"""Version 1. What is here only grows; a change that would break a caller is version 2."""
