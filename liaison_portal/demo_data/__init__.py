"""The demo district: invented people and places, and two years of receptions at their stations."""
