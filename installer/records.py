"""What is told of the installed files: the manifest, the bill of materials (CycloneDX), the licences of others."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from installer.contents import PROGRAM
from installer.sources import normalised
from installer.stage import Component, File, Stage

MANIFEST, SBOM = "manifest.json", "sbom.cdx.json"
LICENCES, OVERVIEW = "licences", "licences/THIRD-PARTY.txt"
_TEXTS = Path(__file__).resolve().parent / "licences"
_SPACE = uuid.UUID("4f7c1df6-5c0e-4f0b-9d1c-6f8ad1f0a3c2")

_WITHOUT_TEXT = {"pyside6-essentials": ("LGPL-3.0.txt", "GPL-3.0.txt"), "shiboken6": ("LGPL-3.0.txt", "GPL-3.0.txt")}
"""Packages whose wheels name a licence and do not bring its text: the texts of `installer/licences`."""


def add_licences(stage: Stage, own: Component) -> None:
    """The texts of all licences, a folder for each component, and an overview."""
    rows: list[str] = []
    for component, texts in sorted(stage.licences.items(), key=lambda item: item[0].name.lower()):
        if component == own:
            continue
        extra = _WITHOUT_TEXT.get(normalised(component.name), ())
        all_texts = texts | {name: (_TEXTS / name).read_bytes() for name in extra}
        for name, data in sorted(all_texts.items()):
            stage.write(f"{LICENCES}/{component.name}-{component.version}/{name}", data, component)
        told = component.licence or "see its texts"
        missing = "" if all_texts else " (the package brings no text of its licence)"
        rows.append(f"{component.name} {component.version}: {told}{missing}")
    head = (
        f"{PROGRAM} contains the work of others, unchanged; parts that it does not use were left out.\n"
        "Each has its own licence; the texts are in the folders beside this file.\n"
        "Qt and PySide6 are used under the LGPL 3: their libraries are files of their own in\n"
        "runtime\\Lib\\site-packages\\PySide6 and may be replaced by other builds of the same version.\n\n"
    )
    stage.write(OVERVIEW, (head + "\n".join(rows) + "\n").replace("\n", "\r\n").encode(), own)


def manifest(files: Iterable[File], version: str, epoch: int) -> bytes:
    """Every installed file with size, hash and the component and version that it belongs to; itself excepted."""
    listed = [
        {"path": file.path, "size": file.size, "sha256": file.sha256,
         "component": file.component.name, "version": file.component.version}
        for file in files
    ]  # fmt: skip
    return _json({"name": PROGRAM, "version": version, "built_from": _time(epoch), "files": listed})


def bill_of_materials(components: Iterable[Component], own: Component, epoch: int) -> bytes:
    """The bill of materials in CycloneDX 1.5: every component with version, licence and the hash of its source."""
    others = sorted({component for component in components if component != own}, key=lambda one: one.name.lower())
    body = [_entry(component) for component in others]
    serial = uuid.uuid5(_SPACE, json.dumps([_entry(own), *body], sort_keys=True))
    return _json({
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"timestamp": _time(epoch), "component": {**_entry(own), "type": "application"}},
        "components": body,
        "dependencies": [{"ref": _reference(own), "dependsOn": [_reference(component) for component in others]}],
    })  # fmt: skip


def _entry(component: Component) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "framework" if component.name == "CPython" else "library",
        "bom-ref": _reference(component),
        "name": component.name,
        "version": component.version,
        "hashes": [{"alg": "SHA-256", "content": component.sha256}],
        "properties": [{"name": f"{PROGRAM}:source", "value": component.source}],
    }
    if component.source == "wheel":
        found["purl"] = _reference(component)
    if component.licence:
        found["licenses"] = [{"license": {"name": component.licence}}]
    return found


def _reference(component: Component) -> str:
    kind = "pypi" if component.source == "wheel" else "generic"
    return f"pkg:{kind}/{normalised(component.name)}@{component.version}"


def _time(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _json(data: Any) -> bytes:
    return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode()
