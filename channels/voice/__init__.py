"""Enquiries by telephone: what a provider tells of calls. What is said in one is the desk's."""
