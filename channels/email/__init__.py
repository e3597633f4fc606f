"""Enquiries by e-mail."""
