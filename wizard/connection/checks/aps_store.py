"""Can the APS store be written, and does it belong to this company alone (R-GEN-02)."""

from __future__ import annotations

import os
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.checklist.check import Check, Outcome, Subject, fail, ok
from wizard.connection.aps_store import identity, is_in_memory, store_url
from wizard.connection.faults import explain
from wizard.connection.looks import Place
from wizard.i18n import N_
from wizard.profile import store
from wizard.profile.errors import ProfileError
from wizard.secrets.references import SecretError, secret_for

if TYPE_CHECKING:
    from sqlalchemy import URL


def _run(subject: Subject) -> Outcome:
    from sqlalchemy.exc import ArgumentError

    try:
        url = store_url(subject.profile, subject.file)
        shared = _shared_with(subject, url)
        if shared:
            message = _("The profile {file} writes to the same APS store.").format(file=shared.name)
            hint = _("Each Logix company needs an APS database of its own. Choose another store for one of them.")
            return fail("aps.shared", message, hint)
        if url.get_backend_name() != "sqlite":
            return _server(subject, url)
        if is_in_memory(url):
            message = _("The APS store would be in memory only, and gone when the update ends.")
            return fail("aps.in_memory", message, _("Name a file: sqlite:///aps.sqlite, or leave the address empty."))
        return _sqlite(Path(url.database or ""), subject.file.parent)
    except (ArgumentError, ValueError):
        # ValueError: a port that is no number.
        message = _("The APS store is not an address that SQLAlchemy knows.")
        return fail("aps.url", message, _("Example: postgresql+psycopg://user@server/aps."))
    except SecretError as error:
        return fail(error.problem.code, error.problem.message, error.problem.action)


def _shared_with(subject: Subject, url: URL) -> Path | None:
    here, wanted = subject.file.resolve(), identity(url)
    try:
        others = store.entries(subject.file.parent)
    except ProfileError:
        return None  # an account that may read its profile need not see the others
    for entry in others:
        if entry.stored and entry.path.resolve() != here and wanted == _identity_of(entry.stored):
            return entry.path
    return None


def _identity_of(other: store.Stored) -> tuple[str, ...] | None:
    from sqlalchemy.exc import ArgumentError

    try:
        return identity(store_url(other.profile, other.path))
    except (ArgumentError, ValueError):
        return None  # a fault of that profile, which its own check tells


def _sqlite(path: Path, subject_folder: Path) -> Outcome:
    import sqlite3
    from contextlib import closing

    if path.parent == subject_folder and not subject_folder.exists():
        # Writing the profile makes this folder; what counts is whether that will be allowed.
        above = next(parent for parent in subject_folder.parents if parent.exists())
        if os.access(above, os.W_OK):
            return ok("aps.will_be_made", _("The update will make the APS store {file}.").format(file=path.name))
    if not path.parent.is_dir():
        message = _("The folder of the APS store does not exist.")
        return fail("aps.no_folder", message, _("Create the folder, or correct the path."))
    existed = path.exists()
    try:
        with closing(sqlite3.connect(path, timeout=5)) as connection:
            # Takes the write lock, changes a page in memory and gives both back: no byte of the store is written. The
            # lock alone is not enough: of a file that it may only read, SQLite grants it as a lock for reading.
            connection.execute("BEGIN IMMEDIATE")
            version: int = connection.execute("PRAGMA user_version").fetchone()[0]
            connection.execute(f"PRAGMA user_version = {version:d}")
            connection.rollback()
    except sqlite3.Error as error:
        message = _("The APS store cannot be written.")
        hint = _("Check the permissions of the folder and whether another program holds the file.")
        return fail("aps.unwritable", message, hint, original=str(error))
    finally:
        # A test leaves nothing behind: an empty file here is the one this check just made.
        if not existed and path.exists() and path.stat().st_size == 0:
            path.unlink()
    if existed:
        return ok("aps.writable", _("The APS store {file} can be written.").format(file=path.name))
    return ok("aps.will_be_made", _("The update will make the APS store {file}.").format(file=path.name))


def _server(subject: Subject, url: URL) -> Outcome:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError
    from sqlalchemy.pool import NullPool

    password = secret_for(subject.profile, "aps.password", subject.typed)
    try:
        engine = create_engine(url.set(password=password) if password else url, poolclass=NullPool)
        with engine.connect():
            return ok("aps.reachable", _("The APS store answers."), server=url.get_backend_name())
    except ImportError as error:
        message = _("The driver of the APS store is not installed.")
        return fail("aps.driver_missing", message, _("Install it, or use a SQLite file."), original=error.msg or "")
    except ArgumentError:
        raise
    except SQLAlchemyError as error:
        address = (url.host, url.port) if url.host and url.port else None
        return explain(str(getattr(error, "orig", None) or error), Place(address))


CHECK = Check("aps.store", N_("APS store"), _run, ("aps", "company"), needs=("profile.valid",))
