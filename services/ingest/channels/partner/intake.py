"""One submission of a partner that has proved itself: from its JSON to `accept()`."""

import structlog

from services.ingest import submission
from services.ingest.accept import Accepted
from services.ingest.channels.partner.request import PartnerRequest, choose, key_of
from services.ingest.context import Ingest
from services.ingest.faults import Fault
from services.ingest.origin import Origin
from shared.clock import utc_now
from shared.consultation import Consultation
from shared.partners import Partner
from shared.store.port import Collection

DEFAULTS = Collection(
    "partner_defaults"
)  # by key: which consultation was meant when none was named; a rebuild must not empty it
_log = structlog.get_logger("ingest")


async def take_in(
    service: Ingest, partner: Partner, request: PartnerRequest, kind: str, key: str | None
) -> tuple[Accepted, tuple[Fault, ...]]:
    """Accepts it; answers the receipt and what the sender should know. `kind`: what made the key (`key`, `signature`).

    Raises as `Acceptor.accept`; in every such case nothing has been accepted.
    """
    own = key_of(partner.id, kind, key) if key is not None else None
    consultation = await _consultation(service, partner, request, own)
    checked = submission.check(request, consultation)
    origin = Origin(channel=partner.channel, verified=True, idempotency_key=own)
    accepted = await service.acceptor.accept(consultation, checked, origin)
    _log.info("partner.accepted", partner=partner.id, consultation=consultation.id, replayed=accepted.replayed)
    return accepted, checked.notes


async def _consultation(service: Ingest, partner: Partner, request: PartnerRequest, own: str | None) -> Consultation:
    """A repeated request without a name means the consultation it meant the first time, though another is open by now."""
    find = service.consultations.get
    if request.consultation_id is not None or own is None:
        return choose(partner, request.consultation_id, find, utc_now())
    held = await service.store.get(DEFAULTS, own)
    if held is not None:
        return choose(partner, str(held.doc["consultation"]), find, utc_now())
    chosen = choose(partner, None, find, utc_now())
    if not await service.store.insert_once(DEFAULTS, own, {"consultation": chosen.id}):
        return await _consultation(service, partner, request, own)
    return chosen
