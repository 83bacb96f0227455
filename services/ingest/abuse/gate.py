"""Whether one post may come in: its network, what that lies in, its channel as a whole. Counts, and decides nothing by what is written."""

from dataclasses import dataclass

from services.ingest.abuse import proof
from services.ingest.abuse.rules import PERIOD_S, PROVEN, Rule
from services.ingest.abuse.shared_limits import SharedLimits
from services.ingest.abuse.words import Pressure
from shared.networks import Networks


@dataclass
class Gate:
    """Of one request. `pressure`: why it may not come in; `crowded`: its network is over the soft limit, which a proof may lift."""

    limits: SharedLimits
    rule: Rule
    networks: Networks | None
    pressure: Pressure | None = None
    crowded: Pressure | None = None

    async def knock(self) -> None:
        """Counts this post under every limit of its channel, until one refuses."""
        self.crowded = await self._networks("")
        self.pressure = self.crowded or await self._whole()

    async def prove(self, key: bytes, payload: str, token: str) -> Pressure | None:
        """Why this post may not come in; from a crowded network it may with a solved challenge, up to the hard limit."""
        if self.crowded:
            id_ = proof.solved(key, payload, token)
            if id_ is not None and await proof.spend(self.limits, id_):
                self.pressure = await self._networks("-proven", PROVEN - 1) or await self._whole()
                if self.pressure:
                    self.crowded = None  # the hard limit: another proof would not help, so none is asked
        return self.pressure

    def look(self) -> None:
        """Without counting: whether a post from this network would be asked for a proof."""
        for scope, key, limit in self._scopes(""):
            if limit is not None and (refusal := self.limits.pressed(scope, key, limit, PERIOD_S)):
                self.crowded = Pressure("network", refusal.retry_after_s)

    async def _networks(self, suffix: str, times: int = 1) -> Pressure | None:
        for scope, key, limit in self._scopes(suffix):
            if limit is not None and (refusal := await self.limits.take(scope, key, 1, limit * times, PERIOD_S)):
                return Pressure("network", refusal.retry_after_s)
        return None

    def _scopes(self, suffix: str) -> tuple[tuple[str, str, int | None], ...]:
        if self.networks is None:
            return ()
        name = (
            f"{self.rule.channel}{suffix}"  # a flood of the API from an office's network leaves its citizens the form
        )
        return (
            (f"{name}-near", self.networks.near, self.rule.near),
            (f"{name}-wide", self.networks.wide, self.rule.wide),
        )

    async def _whole(self) -> Pressure | None:
        if self.rule.whole is None:
            return None
        refusal = await self.limits.take("channel", self.rule.channel, 1, self.rule.whole, PERIOD_S)
        return Pressure("channel", refusal.retry_after_s) if refusal else None
