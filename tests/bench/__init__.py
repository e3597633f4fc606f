"""Speeds that anybody can measure again: `make bench`. Never a test that passes or fails by time."""
