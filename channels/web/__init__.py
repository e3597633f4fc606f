"""The website: anybody, once, worried, on a phone."""
