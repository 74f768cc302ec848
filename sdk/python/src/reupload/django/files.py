"""Django's uploaded file as a part of a form."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile

from reupload.forms import DirectUploadHandlerError, UploadedFilePart


def uploaded_file_part(file: object) -> UploadedFilePart:
    """Return one of `request.FILES` as a part that is read while it is sent, never as a whole.

    Raises:
        DirectUploadHandlerError: 400 `MISSING_FILE`, it is no uploaded file.

    """
    if not isinstance(file, UploadedFile):
        raise DirectUploadHandlerError(400, "MISSING_FILE", 'Missing multipart field "file".')
    file.seek(0)
    return UploadedFilePart(
        data=file,
        filename=file.name or "upload",
        content_type=file.content_type or "application/octet-stream",
        size=file.size or 0,
    )
