"""The application that `INSTALLED_APPS` names as `reupload.django`: it brings the command `reupload_check`."""

from __future__ import annotations

from django.apps import AppConfig


class ReuploadConfig(AppConfig):
    """No models; the label keeps clear of an application of yours that is called `django`."""

    name = "reupload.django"
    label = "reupload"
    verbose_name = "Reupload"
