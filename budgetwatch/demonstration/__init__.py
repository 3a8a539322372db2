"""Demonstration data: councils whose papers are public, and an invented one with several years of figures."""
