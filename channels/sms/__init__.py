"""Enquiries by text message."""
