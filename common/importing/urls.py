from django.urls import path

from common.importing import views


def import_paths(kind: str, under: str, name: str) -> list:
    """The pages that bring in sheets of one kind, below an address of its app."""
    extra = {"kind": kind}
    return [
        path(f"{under}import/", views.upload, extra, name=name),
        path(f"{under}import/<int:pk>/", views.check, extra, name=f"{name}_check"),
        path(f"{under}import/<int:pk>/columns/", views.columns, extra, name=f"{name}_columns"),
        path(f"{under}import/<int:pk>/cells/", views.cells, extra, name=f"{name}_cells"),
        path(f"{under}import/<int:pk>/rejected/", views.rejected, extra, name=f"{name}_rejected"),
        path(f"{under}import/<int:pk>/confirm/", views.confirm, extra, name=f"{name}_confirm"),
        path(f"{under}import/<int:pk>/undo/", views.undo, extra, name=f"{name}_undo"),
    ]
