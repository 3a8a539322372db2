"""Tests of pages as people meet them, in a browser."""
