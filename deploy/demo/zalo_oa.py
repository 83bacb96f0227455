"""A stand-in for Zalo's OA API and OAuth server, on loopback: what the documentation tells of their answers (formats.md §2).

Real HTTP in a thread of its own; the demo and the tests talk to it as the product talks to Zalo.
"""

import secrets
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from litestar import Litestar, Request, post

Answer = dict[str, Any]
FINE, TOKEN_EXPIRED, TOKEN_WRONG, RATE, WINDOW, REUSED = 0, -216, -220, -32, -230, -14020


@dataclass
class ZaloOa:
    """One app with one OA. Change the fields to make it refuse."""

    app_id: str = "1234567890"
    app_secret: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    refresh_token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    silent_users: set[str] = field(default_factory=set)  # wrote too long ago: -230
    rate_refusals: int = 0  # so many next messages are answered -32
    away: bool = False  # 503 to everything
    messages: list[tuple[str, str]] = field(default_factory=list)  # user, text
    calls: Counter[str] = field(default_factory=Counter)
    port: int = 0
    _access: set[str] = field(default_factory=set)
    _expired: set[str] = field(default_factory=set)
    _spent: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Base of both APIs."""
        return f"http://127.0.0.1:{self.port}"

    def expire(self) -> None:
        """No access token given so far is good any more."""
        with self._lock:
            self._expired |= self._access
            self._access.clear()

    def start(self) -> None:
        """Listens from now on, on a free port."""
        listener = socket.socket()
        listener.bind(("127.0.0.1", self.port))
        self.port = int(listener.getsockname()[1])
        app = Litestar([self._message_route(), self._token_route()], openapi_config=None, logging_config=None)
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]}, daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            if time.monotonic() > deadline:
                raise TimeoutError("the stand-in for Zalo does not start")
            time.sleep(0.01)

    def stop(self) -> None:
        """Ends; messages stay."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(5)

    def _message_route(self) -> Any:
        @post("/v3.0/oa/message/cs", status_code=200, sync_to_thread=False)
        def message(request: Request[Any, Any, Any], data: dict[str, Any]) -> Answer:
            with self._lock:
                return self._message(request.headers.get("access_token", ""), data)

        return message

    def _token_route(self) -> Any:
        @post("/v4/oa/access_token", status_code=200)
        async def token(request: Request[Any, Any, Any]) -> Answer:
            form = {name: str(value) for name, value in (await request.form()).items()}
            with self._lock:
                return self._token(request.headers.get("secret_key", ""), form)

        return token

    def _message(self, access: str, body: dict[str, Any]) -> Answer:
        self.calls["message"] += 1
        if self.away:
            return _error(-200, "system error")
        if access not in self._access:
            return _error(TOKEN_EXPIRED if access in self._expired else TOKEN_WRONG, "Access token is invalid")
        if self.rate_refusals > 0:
            self.rate_refusals -= 1
            return _error(RATE, "Rate limit exceeded")
        user, text = str(body["recipient"]["user_id"]), str(body["message"]["text"])
        if user in self.silent_users:
            return _error(WINDOW, "User has not interacted with the OA in the past 7 days")
        if len(text) > 2000:
            return _error(-210, "Parameter exceeds the allowed length")
        self.messages.append((user, text))
        return {"error": FINE, "message": "Success", "data": {"message_id": secrets.token_hex(8), "user_id": user}}

    def _token(self, secret: str, form: dict[str, str]) -> Answer:
        self.calls["token"] += 1
        if self.away or secret != self.app_secret or form.get("app_id") != self.app_id:
            return {"error": -14002, "error_name": "Invalid secret key", "error_reason": "", "ref_doc": ""}
        given = form.get("refresh_token", "")
        if given in self._spent:
            return {"error": REUSED, "error_name": "Invalid refresh token", "error_reason": "used", "ref_doc": ""}
        if given != self.refresh_token or form.get("grant_type") != "refresh_token":
            return {"error": -14014, "error_name": "Invalid refresh token", "error_reason": "", "ref_doc": ""}
        self._spent.add(given)
        self.refresh_token = secrets.token_urlsafe(24)
        access = secrets.token_urlsafe(24)
        self._access.add(access)
        return {"access_token": access, "refresh_token": self.refresh_token, "expires_in": "90000"}


def _error(code: int, message: str) -> Answer:
    return {"error": code, "message": message}
