"""What `ykien doctor` looks at in the folder of the channels' settings: files, secrets, consultations."""

import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel

from deploy.doctor_reach import others
from deploy.finding import Finding
from services.ingest.channels.email.settings import EmailSettings
from services.ingest.channels.vneid.settings import VneidSettings
from services.ingest.channels.zalo.settings import ZaloSettings
from services.notify.zalo.settings import ZaloReplies
from shared.consultation import Consultation
from shared.consultation_yaml import DefinitionError, load
from shared.settings import SettingsError, read_secret
from shared.yaml_model import load_model

MODELS: dict[str, type[BaseModel]] = {
    "email.yaml": EmailSettings,
    "vneid.yaml": VneidSettings,
    "zalo.yaml": ZaloSettings,
    "zalo-replies.yaml": ZaloReplies,
}
READ_AT_START = "correct the file, then start the system again: settings are read at the start"


async def examine(folder: Path, definitions: Sequence[Path], *, runs: bool) -> list[Finding]:
    """Everything about the channels. `runs`: a system runs on this folder, so that its listener should answer."""
    findings = list(_strangers(folder))
    settings: dict[str, BaseModel] = {}
    present = [name for name in MODELS if (folder / name).exists()]
    for name in present:
        try:
            settings[name] = load_model(folder / name, MODELS[name])
            findings.append(Finding("ok", f"channels/{name}"))
        except DefinitionError as error:
            findings.append(Finding("fault", str(error), READ_AT_START))
    known = _consultations(definitions)
    for name, found in settings.items():
        findings += _secrets(folder, name, found)
        findings += _targets(name, found, known)
    if "zalo.yaml" in settings and "zalo-replies.yaml" not in present:
        mend = "copy deploy/channels/zalo-replies.example.yaml"
        findings.append(Finding("warn", "no channels/zalo-replies.yaml: receipts by Zalo become dead letters", mend))
    return findings + [finding async for finding in others(folder, settings, runs=runs)]


def _strangers(folder: Path) -> Iterator[Finding]:
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        if path.name not in MODELS:
            yield Finding("fault", f"channels/{path.name} is read by nobody", f"the names are: {', '.join(MODELS)}")


def _consultations(folders: Sequence[Path]) -> dict[str, Consultation]:
    """By id; a wrong definition is told elsewhere."""
    found: dict[str, Consultation] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            try:
                definition = load(path)
            except DefinitionError:
                continue
            found[definition.id] = definition
    return found


def _secret_files(settings: BaseModel) -> list[Path]:
    match settings:
        case EmailSettings():
            own_key = settings.listener.key_file if settings.listener else None
            return [*(box.secret_file for box in settings.mailboxes), *([own_key] if own_key else [])]
        case ZaloSettings():
            return [account.secret_file for account in settings.accounts]
        case ZaloReplies():
            return [file for a in settings.accounts for file in (a.app_secret_file, a.refresh_token_file)]
    return []


def _secrets(folder: Path, name: str, settings: BaseModel) -> Iterator[Finding]:
    for file in _secret_files(settings):
        path = folder / file
        try:
            read_secret(path)
        except SettingsError as error:
            yield Finding(
                "fault", f"channels/{name}: {error}", "put the secret there, alone on one line; then chmod 600"
            )
            continue
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding("fault", f"channels/{name}: others can read {path}", f"chmod 600 {path}")


def _named(settings: BaseModel) -> Iterator[tuple[str, str]]:
    """(consultation, channel) that the file names."""
    match settings:
        case EmailSettings():
            yield from ((box.consultation, "email") for box in settings.mailboxes)
            recipients = settings.listener.recipients if settings.listener else None
            yield from ((consultation, "email") for consultation in (recipients or {}).values())
        case ZaloSettings():
            yield from ((account.consultation, account.channel) for account in settings.accounts)
        case VneidSettings():
            for issuer in settings.issuers:
                channels = [issuer.channel, *([issuer.aggregates.channel] if issuer.aggregates else [])]
                yield from ((c, channel) for c in issuer.consultations or () for channel in channels)


def _targets(name: str, settings: BaseModel, known: dict[str, Consultation]) -> Iterator[Finding]:
    for consultation, channel in dict.fromkeys(_named(settings)):
        if (definition := known.get(consultation)) is None:
            mend = f"known here: {', '.join(sorted(known)) or 'none'}; `ykien consultation publish FILE` adds one"
            yield Finding("fault", f"channels/{name}: no definition of a consultation {consultation}", mend)
        elif channel not in {c.id for c in definition.channels}:
            mend = f"its channels are: {', '.join(c.id for c in definition.channels)}"
            yield Finding("fault", f"channels/{name}: {consultation} has no channel {channel}", mend)
