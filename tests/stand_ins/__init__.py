"""Servers on loopback that stand in for providers, speaking their real protocols."""
