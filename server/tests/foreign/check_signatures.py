"""Checks signed webhooks with code that is not ours: the guide's own function, and the published standardwebhooks package.

Arguments: a file of vectors in the form of api/webhook-vectors.json, and the file with the guide's function. Each vector is checked at
its own time; several secrets mean that one of them must verify.
"""

import datetime
import importlib.util
import json
import sys

import standardwebhooks.webhooks as standard


class StandsStill(datetime.datetime):
    at = 0

    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(cls.at, tz)


class Clock:
    def __init__(self, at):
        self.at = at

    def time(self):
        return self.at


def load(path):
    spec = importlib.util.spec_from_file_location("guide_webhooks", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_standard(secret, body, headers):
    try:
        standard.Webhook(secret).verify(body, headers)
    except standard.WebhookVerificationError:
        return False
    except json.JSONDecodeError:
        # It reads the body only after the signature has been found to be good.
        return True
    return True


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        vectors = json.load(file)["vectors"]
    guide = load(sys.argv[2])
    standard.datetime = StandsStill
    wrong = []
    for vector in vectors:
        assert vector["tolerance"] == guide.MAX_AGE_SECONDS
        guide.time = Clock(vector["now"])
        StandsStill.at = vector["now"]
        headers = {name: value for name, value in vector["headers"].items() if value is not None}
        body, secrets = vector["body"], vector["secrets"]
        found = {
            "reupload": any(
                guide.verify_reupload_signature(secret, body.encode(), headers.get("reupload-signature"))
                for secret in secrets
            ),
            "standard": any(by_standard(secret, body, headers) for secret in secrets),
        }
        expected = dict(vector["valid"])
        # The guide's function reads the last v1 only.
        expected["reupload"] = vector.get("guide", expected["reupload"])
        if found != expected:
            wrong.append(f"{vector['name']}: {found} instead of {expected}")
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{len(vectors)} vectors hold")


main()
