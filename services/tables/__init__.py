"""The tables of the officers' pages."""
