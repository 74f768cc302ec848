"""The senders under the clients, for requests of your own: ``HttpClient(...).request("GET", "/files")``."""

from reupload._http import AsyncHttpClient, HttpClient

__all__ = ["AsyncHttpClient", "HttpClient"]
