"""Computed reads of savings: a fixed number of queries, values out."""
