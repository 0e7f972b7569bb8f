"""Sheets into rows: the check of every entry, its preview, and the one writing of a batch."""
