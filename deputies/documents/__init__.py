"""A station's duty year as it is shown and printed."""
