"""One zip for a support ticket: report, versions, configuration and logs, and no secret in any of them.

By allow-list: results are those that passed `redact`, of the profile its fields without references and notes, of logs
the words that `redact.chosen_words` lets through, of data sources a few columns. It is put together in a child
process that also reads the secrets of the profile, masks them in every form in which they could be written, and then
looks once more; what it still finds keeps the zip from being written.
"""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from gettext import gettext as _
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from wizard import log
from wizard.checklist import confirmations, report
from wizard.checklist.check import Subject
from wizard.checklist.redact import chosen_words, cleaner, places
from wizard.checklist.share import profile_text, visible
from wizard.checklist.standing import Standing, overall
from wizard.isolated.host import Job
from wizard.profile.atomic import replace_bytes
from wizard.profile.errors import Problem, ProfileError
from wizard.profile.store import io_problem
from wizard.secrets.handover import handed_over
from wizard.secrets.references import SecretError, references, secret_for

SECONDS = 60
"""A credential store that hangs must not keep the command for ever."""

LOG_FILES = 10
LOG_BYTES = 1024 * 1024
"""Of each log the end counts: this many bytes of the newest files."""

GATE_FROM = 6
"""Characters. A shorter secret stands in many a text by chance; it is masked where it stands alone."""

_ESCAPE = re.compile("%[0-9A-F]{2}")


class DiagnosticsFailed(Exception):
    """Nothing was written; the problem says why and what to do."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


@dataclass(frozen=True)
class Saved:
    """The zip and the names of what is in it."""

    path: Path
    names: tuple[str, ...]


def save(subject: Subject, standings: Sequence[Standing], at: datetime, path: Path) -> Saved:
    """Write the zip for a profile and its checklist. Raises DiagnosticsFailed and ProfileError."""
    profile = subject.profile
    plain = {
        "profile": str(subject.file),
        "status": overall(standings),
        "at": at.isoformat(),
        "items": [standing.to_json() for standing in standings],
        "details": {r.check.id: dict(r.outcome.details) for s in standings for r in s.results},
    }
    parts = {
        "report.html": report.html(profile, str(subject.file), standings, at),
        "checklist.json": json.dumps(plain, ensure_ascii=False, indent=1),
        "profile.yaml": profile_text(profile),
        "confirmations.yaml": confirmations.to_text(confirmations.read(subject.file).confirmations),
        "versions.txt": _versions(standings),
        "data-sources.json": _data_sources(),
    }
    return _save(subject, parts, path)


def save_without_profile(file: Path, error: ProfileError, path: Path) -> Saved:
    """The zip for a profile that cannot be read: what is wrong with it, never the file itself, and the versions."""
    problems = "".join(f"{problem}\n" for problem in error.problems)
    parts = {"problems.txt": f"{file}\n{problems}", "versions.txt": _versions(()), "data-sources.json": _data_sources()}
    return _save(None, parts, path)


def in_child(request: Mapping[str, Any]) -> dict[str, Any]:
    """What the child does: mask, look once more, write. Gives the names, or the problem as data."""
    subject = Subject.from_json(request["subject"]) if request["subject"] else None
    secrets = set(_secrets(subject)) if subject else set()
    clean = cleaner({form for secret in secrets for form in _forms(secret)}, _users(subject))
    parts = {name: clean(text).encode() for name, text in request["parts"].items()}
    known = places(subject.profile) if subject else frozenset()
    for name, text in _logs(request["logs"]):
        parts[name] = chosen_words(clean(visible(text, LOG_BYTES)), known).encode()
    for name, data in parts.items():
        if any(mark in data for secret in secrets if len(secret) >= GATE_FROM for mark in _marks(secret)):
            return {"problem": "secret_left", "name": name}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    try:
        # For the person who made it: who gets it, that person decides.
        replace_bytes(Path(request["out"]), packed.getvalue(), mode=0o600)
    except OSError as error:
        told = (error.errno, error.strerror or type(error).__name__, None, getattr(error, "winerror", None))
        return {"problem": "unwritable", "name": told}
    return {"names": list(parts)}


def _save(subject: Subject | None, parts: Mapping[str, str], path: Path) -> Saved:
    handed, withhold = handed_over(subject) if subject else (None, [])
    logs = {"logs": str(log.machine_folder())}
    if (own := log.folder()) not in (None, log.machine_folder()):
        # An account that may not write there logs in a folder of its own.
        logs["logs/own"] = str(own)
    request = {"subject": handed, "parts": parts, "out": str(path.absolute()), "logs": logs}
    ending = Job("wizard.checklist.diagnostics:in_child", request, SECONDS, withhold).run()
    answer = ending.answer if ending.how == "done" else {"problem": ending.how, "name": ending.detail}
    if "names" in answer:
        return Saved(path, tuple(answer["names"]))
    raise DiagnosticsFailed(_problem(answer["problem"], answer["name"], path))


def _problem(code: str, name: Any, path: Path) -> Problem:
    """What went wrong in the child; `name` is that of a part, or what an OSError was made of."""
    match code:
        case "secret_left":
            message = _("A password would have been in {name}: nothing was written.").format(name=name)
            return Problem(f"diagnostics.{code}", message, action=_("Report this: it is a fault of the program."))
        case "unwritable":
            return io_problem(code, path, OSError(*name))
        case _:
            message = _("The diagnostics could not be put together.")
            return Problem(f"diagnostics.{code}", message, action=_("Try again; the report alone needs no password."))


def _secrets(subject: Subject) -> Iterator[str]:
    """Every secret of the profile that this account can read; the others cannot have come into a text from here."""
    yield from subject.typed.values()
    for path, _reference in references(subject.profile):
        try:
            secret = secret_for(subject.profile, path, subject.typed)
        except SecretError:
            continue
        if secret:
            yield secret


def _users(subject: Subject | None) -> set[str | None]:
    if subject is None:
        return set()
    return {getattr(subject.profile.database, "user", None), subject.profile.webservice.user}


def _forms(secret: str) -> Iterator[str]:
    """A secret as it may stand in a report or a log; `redact` adds those of drivers and servers."""
    yield secret
    # As the page of the report escapes it.
    yield (
        secret.replace("&", "&amp;")
        .replace(">", "&gt;")
        .replace("<", "&lt;")
        .replace("'", "&#39;")
        .replace('"', "&#34;")
    )
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield visible(secret)
    # UTF-16 that somebody took for another encoding, and as it looks once it was made visible.
    wide = "\0".join(secret)
    yield wide
    yield visible(wide)
    for quoted in _quoted(secret):
        yield quoted
        yield _ESCAPE.sub(lambda found: found[0].lower(), quoted)
    if len(secret) >= GATE_FROM:
        yield secret.encode().hex()
        yield secret.encode("utf-16-le").hex()
        for code in ("utf-8", "utf-16-le"):
            yield from _base64(secret.encode(code))


def _marks(secret: str) -> Iterator[bytes]:
    """What must not be in the zip: the secret in plain, UTF-16, URL-encoded and base64 form."""
    yield secret.encode()
    yield secret.encode("utf-16-le")
    yield secret.encode("utf-16-be")
    yield from (quoted.encode() for quoted in _quoted(secret))
    for code in ("utf-8", "utf-16-le"):
        yield from (text.encode() for text in _base64(secret.encode(code)))


def _quoted(secret: str) -> tuple[str, ...]:
    """The secret in a URL: all of it escaped, as part of a path, as a value of a form."""
    return quote(secret, safe=""), quote(secret), quote_plus(secret)


def _base64(data: bytes) -> Iterator[str]:
    """The middle of a secret in base64, wherever in a longer text it began; what stands before and after mixes in."""
    for before in range(3):
        text = base64.b64encode(bytes(before) + data).decode()
        first = (before * 8 + 5) // 6
        last = (before + len(data)) * 8 // 6
        core = text[first:last]
        yield core
        yield core.replace("+", "-").replace("/", "_")


def _logs(folders: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The ends of the newest logs of these folders, each under the name that its folder has in the zip."""
    files = [
        (file.stat().st_mtime, f"{name}/{file.name}", file)
        for name, folder in folders.items()
        for file in Path(folder).glob("*.log*")
        if file.is_file()
    ]
    for _changed, name, file in sorted(files, reverse=True)[:LOG_FILES]:
        try:
            raw = file.read_bytes()[-LOG_BYTES:]
        except OSError as error:
            yield name, error.strerror or type(error).__name__
            continue
        yield name, _decoded(raw)


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    # The tail of such a file has no mark; text in other encodings holds no zero bytes.
    if b"\0" in raw[:200]:
        return raw.decode("utf-16-le", "replace")
    return raw.decode("utf-8-sig", "replace")


def _versions(standings: Sequence[Standing]) -> str:
    told = report.versions(result for standing in standings for result in standing.results)
    packages = sorted({f"{d.name} {d.version}" for d in metadata.distributions() if d.name}, key=str.casefold)
    return "\n".join([*(f"{name}: {value}" for name, value in told), "", *packages, ""])


def _data_sources() -> str:
    """Name, driver, scope and bitness of each ODBC data source and driver: no keyword of any of them."""
    from wizard.connection.data_sources import listing

    found = listing()
    sources = [
        {"name": s.name, "driver": s.driver, "scope": s.scope, "bits": s.bits, "problems": list(s.problems)}
        for s in found.sources
    ]
    drivers = [{"name": d.name, "library": d.library, "bits": d.bits, "problem": d.problem} for d in found.drivers]
    return json.dumps({"sources": sources, "drivers": drivers}, ensure_ascii=False, indent=1)
