import uuid
from pathlib import PurePath


def random_name(instance, filename: str) -> str:
    """A stored file's name says nothing of its owner or content; the ending is kept."""
    return f"{instance._meta.model_name}/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:8]}"
