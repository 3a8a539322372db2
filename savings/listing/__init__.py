"""Savings and the medium-term schedule for a terminal and for other programs."""
