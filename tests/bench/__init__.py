"""Speeds that anybody can measure again: `make bench`. No test passes or fails by time."""
