"""Hands a message to Zalo: with a good token, and once more with a new one when Zalo does not take the first."""

from datetime import datetime
from pathlib import Path

import httpx

from services.notify.zalo import api
from services.notify.zalo.message import ZaloMessage
from services.notify.zalo.settings import Account, ZaloReplies
from services.notify.zalo.tokens import TokenKeeper
from shared.clock import Clock
from shared.errors import Transient
from shared.settings import SettingsError, read_secret
from shared.store.port import DocumentStore


class UnknownAccountError(Transient):
    """The message is for an OA that the settings do not name (yet): it waits, an operator can add it."""


class ZaloTransport:
    """All Official Accounts of the settings. Raises SettingsError when a secret cannot be read."""

    def __init__(self, settings: ZaloReplies, folder: Path, *, store: DocumentStore, key: bytes, clock: Clock) -> None:
        # No redirects, no proxies of the environment: tokens go to Zalo and nowhere else.
        self._client = httpx.AsyncClient(timeout=settings.timeout_s, follow_redirects=False, trust_env=False)
        self._api = str(settings.api).rstrip("/")
        self._keepers = {
            account.oa_id: self._keeper(account, str(settings.oauth).rstrip("/"), folder, store, key, clock)
            for account in settings.accounts
        }

    def _keeper(
        self, account: Account, oauth: str, folder: Path, store: DocumentStore, key: bytes, clock: Clock
    ) -> TokenKeeper:
        secret = read_secret(folder / account.app_secret_file).decode()

        def first() -> str:
            try:
                return read_secret(folder / account.refresh_token_file).decode()
            except SettingsError as error:
                raise api.AuthorisationLostError(f"refresh_token_file of OA {account.oa_id}: {error}") from None

        async def refresh(token: str) -> api.Tokens:
            return await api.refresh(self._client, oauth, account.app_id, secret, token)

        first()
        return TokenKeeper(store, key, account.oa_id, first=first, refresh=refresh, clock=clock)

    async def send(self, message: ZaloMessage, *, at: datetime) -> None:  # noqa: ARG002 - Zalo dates messages itself
        """Returns once Zalo took it. Raises Transient or Permanent; texts name codes only."""
        keeper = self._keepers.get(message.oa_id)
        if keeper is None:
            raise UnknownAccountError(f"OA {message.oa_id} does not stand in the settings")
        token = await keeper.access()
        try:
            await api.send(self._client, self._api, token, message.user_id, message.text)
        except api.TokenRefusedError:
            token = await keeper.access(refused=token)
            await api.send(self._client, self._api, token, message.user_id, message.text)

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.aclose()
