"""Tests of budgetwatch."""
