"""What a failure of a database means: what the driver said goes through the table of faults and comes out explained."""

from __future__ import annotations

from gettext import gettext as _

from wizard.checklist.check import Outcome, fail
from wizard.connection.causes import UNKNOWN, Fault
from wizard.connection.fault_table import row_for
from wizard.connection.looks import LOOKS, Place
from wizard.connection.said import heard, plain


def explain(text: str, place: Place | None = None) -> Outcome:
    """Cause and action for what a driver said; the original text goes along as a detail.

    Where the words leave more than one cause, this looks for itself as far as `place` allows; that takes
    at most two seconds. What a look met is the detail "looked".
    """
    original = plain(text)
    records = heard(text)
    row = row_for(*records)
    if row is None:
        return _outcome(UNKNOWN, original)
    if row.look:
        said = next(said for said in records if row.fits(said))
        met = LOOKS[row.look](said, place or Place())
        if met:
            finer = row_for(met)
            own = row.if_open if row.if_open and met.state == "open" else row.fault
            return _outcome(finer.fault if finer else own, original, met.text)
    return _outcome(row.fault, original)


def says(text: str, fault: Fault) -> bool:
    """Whether the words of a driver alone, without a look, are those of this fault."""
    row = row_for(*heard(text))
    return row is not None and row.fault is fault


def silence(seconds: float, place: Place | None = None) -> Outcome:
    """What it means that a driver did not come back from its login within our own limit."""
    return explain(f"[aps-wizard] no answer of the driver within {seconds:g} s", place)


def library_missing(name: str, error: ImportError) -> Outcome:
    """A Python module of a driver that cannot be imported here, mostly because the driver manager is missing."""
    message = _("The driver library {name} cannot be loaded here.").format(name=name)
    hint = _("On Linux install unixODBC (libodbc2); on Windows install this program again.")
    return fail("database.driver_missing", message, hint, original=error.msg or "")


def _outcome(fault: Fault, original: str, looked: str = "") -> Outcome:
    details = {"looked": looked} if looked else {}
    return fail(fault.code, _(fault.cause), _(fault.action), original=original, **details)
