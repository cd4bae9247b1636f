"""A small browser: one kept connection, cookies, forms with their hidden fields, redirects."""

from __future__ import annotations

import http.client
import re
from html import unescape
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

HIDDEN: Final = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?')


class Browser:
    """Speaks to the portal as the proxy in front of it would, for a person at `address`."""

    def __init__(self, port: int, *, host: str, address: str = "192.0.2.1") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.site = f"https://{host}"
        self.headers = {
            "Host": host,
            "Origin": self.site,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": address,
            "Accept": "text/html",
            "Accept-Language": "en",
        }
        self.cookies: dict[str, str] = {}
        self.page = ""
        self.path = "/"
        self.status = 0

    def get(self, path: str) -> str:
        """The page at `path`, after its redirects. Raises when it is an error."""
        self._ask("GET", path, None)
        return self.page

    def post(self, path: str, fields: dict[str, object], *, follow: bool = True) -> str:
        """Send a form with the hidden fields of the page that is open, and follow the answer."""
        hidden = {name: unescape(value) for name, value in HIDDEN.findall(self.page)}
        self._ask("POST", path, urlencode({**hidden, **fields}, doseq=True), follow=follow)
        return self.page

    def _ask(self, method: str, path: str, body: str | None, *, follow: bool = True) -> None:
        headers = self.headers | {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        response = self._answer(method, path, body, headers)
        self.page, self.path, self.status = response.read().decode(), path, response.status
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        location = response.headers.get("Location")
        if location and follow:
            target = urlsplit(urljoin(self.site + path, location))
            self._ask("GET", target.path + (f"?{target.query}" if target.query else ""), None)
        elif self.status >= 400:
            raise RuntimeError(f"{method} {path} answered {self.status}: {self.page[:2000]}")

    def _answer(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        """The server's answer; a kept connection that it had closed meanwhile is opened again."""
        try:
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError):
            self.connection.close()
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()
