"""Addresses of the deputy's side of duty days, and those that need no log-in."""

urlpatterns: list = []
