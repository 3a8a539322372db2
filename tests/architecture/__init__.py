"""Tests of the rules about the code itself."""
