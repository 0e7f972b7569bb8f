"""What is chosen to be attached: any number of files at once, from the album or the camera."""

from __future__ import annotations

from django.conf import settings
from django.core.files.base import File
from django.utils.datastructures import MultiValueDict

from common.files import MEGABYTE


def chosen_files(files: MultiValueDict) -> list[File]:
    """The files of a post. What they are is judged by `common.files`, each for itself."""
    return [file for name in ("files", "camera") for file in files.getlist(name)]


def limits_in_words() -> str:
    photo, paper = settings.PHOTO_BYTES // MEGABYTE, settings.PAPER_BYTES // MEGABYTE
    most = settings.ATTACHMENTS_PER_ENTRY
    return (
        f"照片（JPEG、PNG、WebP）每张不超过 {photo} MB，PDF、Word（.docx）、Excel（.xlsx）"
        f"每个不超过 {paper} MB，一条登记最多 {most} 个。可以一次选几个。"
    )
