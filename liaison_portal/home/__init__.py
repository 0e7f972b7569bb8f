"""The first page of each role."""

from liaison_portal.home.pages import page_for

__all__ = ["page_for"]
