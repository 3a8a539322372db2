"""The lines of a period as a workbook that goes out, is filled in, and comes back."""
