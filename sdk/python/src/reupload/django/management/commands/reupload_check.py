"""`manage.py reupload_check`: is everything set so that uploads will work?

To add a check: a method that yields what is wrong and how to mend it.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reupload.client import Reupload
from reupload.env import create_reupload_from_env
from reupload.errors import ReuploadError
from reupload.webhooks import ENV_VARIABLE

_NEEDED = {
    "files.write": "upload",
    "files.read": "read files and their state",
    "files.delete": "delete files",
}


class Command(BaseCommand):
    """Says what it has found; the exit code is 1 if something is wrong. It changes nothing."""

    help = "Check Reupload's environment variables, the API key, its permissions and the project."

    def handle(self, *args: Any, **options: Any) -> None:
        problems = [*self._key_problems(), *self._secret_problems()]
        for problem in problems:
            self.stdout.write(f"wrong: {problem}")
        if problems:
            raise CommandError(f"{len(problems)} thing(s) to mend.")
        self.stdout.write("Everything is set.")

    def _key_problems(self) -> Iterator[str]:
        try:
            client = create_reupload_from_env(max_retries=1, timeout=10.0)
        except ValueError as error:
            yield str(error)
            return
        if not os.environ["REUPLOAD_API_KEY"].strip().startswith("ru_"):
            yield "REUPLOAD_API_KEY does not begin with ru_: it is no API key."
            return
        with client:
            yield from self._server_problems(client)

    def _server_problems(self, client: Reupload) -> Iterator[str]:
        try:
            key = client.whoami()
        except ReuploadError as error:
            if error.status == 401:
                yield "The server does not know the API key: it is wrong, ended, or of another server."
            else:
                yield f"The server did not answer as Reupload does ({error}); is REUPLOAD_API_BASE_URL right?"
            return
        self.stdout.write(f"ok: the server knows the key, named {key['name']!r}.")
        for permission, purpose in _NEEDED.items():
            if permission not in key["permissions"]:
                yield f"The key cannot {purpose}: it lacks the permission {permission}."
        names = {project["id"]: project["name"] for project in key["projects"]}
        project = str(client.default_project_id)
        if project in names:
            self.stdout.write(f"ok: the project is {names[project]!r}.")
        else:
            yield f"REUPLOAD_PROJECT_ID is {project}, which is no project that the key reaches."

    def _secret_problems(self) -> Iterator[str]:
        secrets = [part.strip() for part in os.environ.get(ENV_VARIABLE, "").split(",") if part.strip()]
        if not secrets:
            self.stdout.write(f"ok: {ENV_VARIABLE} is not set; only webhooks need it.")
            return
        for number, secret in enumerate(secrets, 1):
            if not _is_secret(secret):
                # Never the secret itself: this may go to a log.
                yield f"Secret {number} of {ENV_VARIABLE} is no signing secret: whsec_ and base64."
                return
        self.stdout.write(f"ok: {len(secrets)} webhook secret(s).")


def _is_secret(secret: str) -> bool:
    try:
        return secret.startswith("whsec_") and bool(base64.b64decode(secret.removeprefix("whsec_"), validate=True))
    except binascii.Error:
        return False
