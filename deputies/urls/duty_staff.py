"""Addresses of the staff's side of duty days."""

urlpatterns: list = []
