"""`aps-wizard grades`: import grade types, plan their sizes, look at references, build and split item codes.

Exit codes of `import`: 0 nothing to change, or applied; 3 there is a difference and --apply was not given; 1 something
failed, or a type could not be imported.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from gettext import gettext as _
from gettext import ngettext
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wizard import i18n
from wizard.commands import terminal
from wizard.commands.call import (
    FAILED,
    WRONG,
    AsJson,
    ProfileName,
    ProfilesDir,
    Stop,
    profile_file,
    say,
    say_document,
    say_json,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from wizard.checklist.check import Subject
    from wizard.flow.state import State
    from wizard.grades.capacity import Size
    from wizard.grades.import_result import Import, Progress, TypeChange, Wish
    from wizard.grades.plan import Plan

DIFFERENT = 3

NAME = 20
"""Characters of the name of a type in the line that says how an import goes."""

SHOWN = 10_000
"""Changes of single contents that JSON lists; the counts are always whole."""

grades_app = typer.Typer(
    help=_("Grade types: import, sizes, references, item codes."), no_args_is_help=True, rich_markup_mode=None
)

TypeCode = Annotated[int, typer.Option("--type", min=1, max=99999, help=_("Code of the grade type."))]


@grades_app.command("capacity", help=_("How many contents a size holds (manual, 1.9)."))
def grades_capacity(
    size: Annotated[int | None, typer.Option(help=_("Characters of a reference: 3, 4 or 5."))] = None,
    as_json: AsJson = False,
    profiles_dir: ProfilesDir = None,  # noqa: ARG001 - every command takes it; this one reads no profile
) -> None:
    from wizard.grades.capacity import CAPACITY, GRADE_LENGTH, ITEM_CODE_LENGTH, SCHEME_END_3

    if size is not None and size not in CAPACITY:
        raise Stop(WRONG, (_("The size of a reference is 3, 4 or 5 characters."),))
    chosen = {characters: count for characters, count in CAPACITY.items() if size in (None, characters)}
    if as_json:
        say_json({"capacity": {str(characters): count for characters, count in chosen.items()}, "item": GRADE_LENGTH})
        return
    if terminal.tables():
        rows = [terminal.Row((str(characters), i18n.number(count))) for characters, count in chosen.items()]
        terminal.show((_("Size"), _("Holds")), rows, right={0, 1})
    else:
        for characters, count in chosen.items():
            say(_("{size} characters: {count} contents").format(size=characters, count=count))
    if 3 in chosen:
        say(
            _("Above {count} contents prefer 4 characters: there the manual's own numbering ends.").format(
                count=SCHEME_END_3
            )
        )
    say(
        _("An item has {room} of {length} characters for up to five grades.").format(
            room=GRADE_LENGTH, length=ITEM_CODE_LENGTH
        )
    )


@grades_app.command("import", help=_("Read the grade types and show what would change; --apply writes it."))
def grades_import(
    profile: ProfileName,
    *,
    from_csv: Annotated[
        Path | None,
        typer.Option(help=_("Read this CSV file instead of Logix: cod_grade;des_grade;cod_conteudo;des_conteudo")),
    ] = None,
    apply: Annotated[
        bool,
        typer.Option("--apply", help=_("Write references into the APS store and types into the profile.")),
    ] = False,
    confirm: Annotated[
        list[str] | None,
        typer.Option(metavar="TYPE=COUNT", help=_("Let this type be renumbered, with the count that was shown.")),
    ] = None,
    as_json: AsJson = False,
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.flow import review
    from wizard.flow.grade_import import with_grades
    from wizard.flow.state import open_profile, subject
    from wizard.grades.import_result import Wish

    state = open_profile(profile_file(profile, profiles_dir))
    with tempfile.TemporaryDirectory(prefix="aps-wizard-") as folder:
        rows = Path(folder) / "changes.arrow"
        file = str(from_csv.resolve()) if from_csv else None
        found = _imported(subject(state), Wish(file, apply, None, _confirmed(confirm or ()), str(rows)))
        # The references first: a profile that names sizes without references is only incomplete.
        fresh = with_grades(state, found.grades)
        written = review.save(fresh).file if apply and fresh is not state else None
        if as_json:
            say_json({"profile": str(state.file), **_as_json(found, rows)})
        else:
            _say_import(found, written)
    if found.changes.empty or found.changes.applied:
        serious = any(finding.serious for finding in found.findings)
        raise typer.Exit(FAILED if serious else 0)
    raise typer.Exit(DIFFERENT)


def _imported(whole: Subject, wish: Wish) -> Import:
    from wizard.checklist.check import Outcome
    from wizard.grades import import_job

    last: deque[Progress] = deque(maxlen=1)
    began = time.monotonic()
    with terminal.line(lambda: _going_on(last, time.monotonic() - began)) as say_now:

        def take(now: Progress) -> None:
            last.append(now)
            say_now()

        told = take if terminal.capable(sys.stderr) else None
        ending = import_job.import_job(whole, wish, told).run()
    if ending.how != "done":
        reason = ending.detail or _("no answer within {seconds} s").format(seconds=import_job.SECONDS)
        if wish.apply:
            # All of it is written or nothing; which of both, only the store knows.
            text = _(
                "The import ended without an answer ({reason}). Import again: without --apply it shows what is left."
            )
        else:
            text = _("The import ended without an answer ({reason}); nothing was changed.")
        raise Stop(FAILED, (text.format(reason=reason),))
    found = import_job.from_child(ending.answer)
    if isinstance(found, Outcome):
        raise Stop(
            FAILED, tuple(line for line in (found.message, found.hint, found.details.get("original", "")) if line)
        )
    return found


def _going_on(last: deque[Progress], elapsed: float) -> str:
    from wizard.flow.grade_import import clock, progress_text

    if not last:
        return f"{_('Connecting...')} {clock(elapsed)}"
    now = last[0]
    # However long the name of a type is, rows and time are seen.
    return progress_text(replace(now, description=now.description[:NAME]), elapsed)


def _confirmed(given: list[str] | tuple[str, ...]) -> dict[int, int]:
    found = {}
    for text in given:
        code, _equals, count = text.partition("=")
        if not (_is_number(code) and _is_number(count)):
            raise Stop(WRONG, (_("Write --confirm TYPE=COUNT, such as --confirm 1=2400."),))
        found[int(code)] = int(count)
    return found


def _is_number(text: str) -> bool:
    """A whole number that every store takes."""
    return text.isascii() and text.isdigit() and len(text) < 10


def _as_json(found: Import, rows: Path) -> dict[str, Any]:
    changes = asdict(found.changes)
    listed, total = _listed(rows)
    return {
        **changes,
        "findings": [asdict(finding) | {"serious": finding.serious} for finding in found.findings],
        "slots": {str(code): slots for code, slots in found.slots.items()},
        "changes": listed,
        "changes_left_off": total - len(listed),
    }


def _listed(rows: Path) -> tuple[list[dict[str, Any]], int]:
    import pyarrow as pa

    with pa.memory_map(str(rows)) as file:
        table = pa.ipc.open_file(file).read_all()
        return table.slice(0, SHOWN).to_pylist(), table.num_rows


def _show_import(found: Import) -> None:
    """Findings and changes as tables."""
    marks = {True: ("fail", _("left out")), False: ("warn", _("remark"))}
    findings = []
    for finding in found.findings:
        name = f"{finding.type} {finding.description}"
        told = terminal.lines_of(finding.message, ", ".join(finding.examples))
        findings.append(terminal.Row((name, told), *marks[finding.serious]))
    if findings:
        terminal.show((_("Type"), _("Remarks")), findings)
    rows = []
    for change in found.changes.types:
        told = terminal.lines_of(_changed(change), "" if found.changes.applied else _to_confirm(change).strip())
        rows.append(terminal.Row((f"{change.type} {change.description}", told)))
    if rows:
        terminal.show((_("Type"), _("Change")), rows)


def _say_rows(found: Import) -> None:
    for finding in found.findings:
        examples = f" ({', '.join(finding.examples)})" if finding.examples else ""
        say(f"{'!' if finding.serious else '-'} {finding.type} {finding.description}: {finding.message}{examples}")
    for change in found.changes.types:
        say(f"{change.type} {change.description}: {_changed(change)}")
        if change.moves and not found.changes.applied:
            say(_to_confirm(change))


def _changed(change: TypeChange) -> str:
    words = _kinds()
    counts = [f"{i18n.number(count)} {words[kind]}" for kind, count in change.counts.items() if count]
    return ", ".join([*(words[name] for name in change.what), *counts])


def _to_confirm(change: TypeChange) -> str:
    """What has to be confirmed before a type is applied; "" for most."""
    if not change.moves:
        return ""
    text = ngettext(
        "  {count} reference would be renumbered; confirm with --confirm {type}={exactly}.",
        "  {count} references would be renumbered; confirm with --confirm {type}={exactly}.",
        change.moves,
    )
    return text.format(count=change.moves, exactly=change.moves, type=change.type)


def _say_import(found: Import, written: Path | None) -> None:
    if terminal.tables():
        _show_import(found)
    else:
        _say_rows(found)
    if found.changes.empty:
        say(_("The references are up to date: {count} contents.").format(count=found.changes.unchanged))
    elif not found.changes.applied:
        say(_("Nothing was written. --apply writes these changes."))
    if written:
        say(_("{file} was written.").format(file=written))


def _kinds() -> Mapping[str, str]:
    """Words for the kinds of change of contents and of types."""
    return {
        "new": _("new"),
        "renamed": _("renamed"),
        "gone": _("gone (kept with their reference)"),
        "back": _("back again"),
        "moved": _("renumbered"),
        "added": _("type added"),
        "removed": _("type removed"),
        "size": _("size changed"),
        "indicator": _("indicator changed"),
        "description": _("name changed"),
        "source": _("table or columns changed"),
    }


@grades_app.command("plan", help=_("Propose sizes for the grade types of a profile, and say why."))
def grades_plan(
    profile: ProfileName,
    headroom: Annotated[float, typer.Option(min=0, max=1000, help=_("Growth to leave room for, in percent."))] = 25,
    as_json: AsJson = False,
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.flow.state import open_profile, subject
    from wizard.grades import importer, plan, reference_store

    state = open_profile(profile_file(profile, profiles_dir))
    grades = subject(state).profile.grades
    given = importer.given_of(_from_store(state, reference_store.stored))
    found = plan.propose(plan.demand_of(grades, given, headroom / 100))
    now = {grade.code: grade.size for grade in grades.types}
    if as_json:
        say_json(
            {"profile": str(state.file), "now": {str(code): size for code, size in now.items()}, **found.to_json()}
        )
    elif terminal.tables():
        _show_plan(found, now)
    else:
        for one in found.types:
            text = _("{type}: {contents} contents, size {size} (now {now}), {used} used, room for {left} more")
            used = i18n.percent(one.room.used)
            say(text.format(type=one.description or one.code, contents=one.contents, size=one.size,
                            now=now[one.code], used=used, left=one.room.left))  # fmt: skip
            for note in one.notes:
                say(f"  {note.text} {note.action}".rstrip())
        for row in found.combinations:
            say(row.text)
            for remedy in row.remedies:
                say(f"  {remedy.text} {remedy.action}".rstrip())
        for note in found.notes:
            say(f"{note.text} {note.action}".rstrip())
    if not (found.types or as_json):
        say(_("No grade type was imported yet: aps-wizard grades import PROFILE --apply"))
    raise typer.Exit(FAILED if found.state == "fail" else 0)


def _show_plan(found: Plan, now: Mapping[int, Size]) -> None:
    """The proposal as tables: the types, then what combinations and the whole plan need."""
    from wizard.flow.grade_table import word_of

    rows, remarks = [], []
    for one in found.types:
        name = one.description or str(one.code)
        told = terminal.lines_of(*(f"{note.text} {note.action}".rstrip() for note in one.notes))
        remarks.append(terminal.Row((name, told)))
        numbers = (i18n.number(one.contents), str(one.size), str(now[one.code]))
        room = (i18n.percent(one.room.used), i18n.number(one.room.left))
        rows.append(terminal.Row((name, *numbers, *room), one.state, word_of(one)))
    if rows:
        headings = (_("Type"), _("Contents"), _("Size"), _("now"), _("Used"), _("Room left"))
        terminal.show(headings, rows, right={1, 2, 3, 4, 5})
        say()
        terminal.show((_("Type"), _("Remarks")), remarks)
    more = [
        terminal.Row((terminal.lines_of(row.text, *(f"{one.text} {one.action}".rstrip() for one in row.remedies)),),
                     row.state, _("fits") if row.state == "ok" else _("too long together"))
        for row in found.combinations
    ]  # fmt: skip
    if more:
        say()
        terminal.show((_("Combinations in use"),), more)
    for note in found.notes:
        say(f"{note.text} {note.action}".rstrip())


@grades_app.command("codes", help=_("The references of a grade type, as they were given."))
def grades_codes(
    profile: ProfileName,
    type_code: TypeCode,
    as_csv: Annotated[bool, typer.Option("--csv", help=_("As CSV, for a spreadsheet."))] = False,
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.flow.state import open_profile
    from wizard.grades import reference_store

    state = open_profile(profile_file(profile, profiles_dir))
    table = _from_store(state, lambda whole: reference_store.contents(whole, type_code))
    if not table.num_rows:
        message = _("No references were given for type {code} yet: aps-wizard grades import PROFILE --apply")
        raise Stop(FAILED, (message.format(code=type_code),))
    if as_csv:
        say_document(_csv([("referencia", "cod_conteudo", "des_conteudo", "ativo"), *_reference_rows(table)]))
        return
    gone = _("gone")
    for reference, code, description, active in _reference_rows(table):
        say("  ".join((reference, code, description) if active == "1" else (reference, code, description, gone)))


@grades_app.command("item", help=_("Build the APS code of an item from its grades, or take one apart."))
def grades_item(
    profile: ProfileName,
    code: Annotated[str, typer.Argument(metavar="CODE", help=_("Item code of Logix; without GRADE an APS code."))],
    grade: Annotated[
        list[str] | None, typer.Argument(metavar="[GRADE]...", help=_("TYPE=CONTENT in the order of the slots."))
    ] = None,
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.flow.state import open_profile, subject
    from wizard.grades import item_code

    state = open_profile(profile_file(profile, profiles_dir))
    types = subject(state).profile.grades
    sizes = item_code.sizes_of(types)
    if grade:
        references = [_reference(state, *text.partition("=")[::2]) for text in grade]
        say(item_code.build(code, references, sizes))
        return
    parts = item_code.split(code, sizes)
    say(parts.item)
    codes = {one.indicator: one for one in types.types}
    for reference in parts.references:
        known = codes[reference[0]]
        table = _contents(state, known.code)
        found = next((row for row in _reference_rows(table) if row[0] == reference), None)
        content = f"{found[1]}  {found[2]}" if found else _("no content has this reference")
        say(f"{reference}  {known.code} {known.description}  {content}")


def _reference(state: State, type_code: str, content: str) -> str:
    """The reference of a content of a type. Capitals do not count, as in APS."""
    if not (_is_number(type_code) and content):
        raise Stop(WRONG, (_("Write a grade as TYPE=CONTENT, such as 1=AZUL."),))
    wanted = content.casefold()
    for reference, code, _description, _active in _reference_rows(_contents(state, int(type_code))):
        if code.casefold() == wanted:
            return reference
    message = _("Type {code} has no content {content} with a reference.")
    raise Stop(
        FAILED, (message.format(code=type_code, content=content), _("Import the grade types with --apply first."))
    )


@grades_app.command(
    "export",
    help=_("Write types, contents and references, and those kept by renumberings, as CSV files into a folder."),
)
def grades_export(
    profile: ProfileName,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=_("Folder; it is made when it is missing."))],
    profiles_dir: ProfilesDir = None,
) -> None:
    from wizard.flow.state import open_profile
    from wizard.grades import csv_source, reference_store
    from wizard.profile.atomic import make_folder, replace_bytes

    state = open_profile(profile_file(profile, profiles_dir))
    stored = _from_store(state, reference_store.stored)
    contents: list[tuple[str, ...]] = [csv_source.COLUMNS]
    references: list[tuple[str, ...]] = [("cod_grade", "referencia", "cod_conteudo", "des_conteudo", "ativo")]
    for one in stored.types:
        for reference, code, description, active in _reference_rows(stored.contents[one.code]):
            references.append((str(one.code), reference, code, description, active))
            if active == "1":
                contents.append((str(one.code), one.description, code, description))
    files = {folder / "grades.csv": contents, folder / "referencias.csv": references}
    for backup in _from_store(state, reference_store.backups):
        kept = _from_store(state, lambda whole, number=backup.number: reference_store.backup_contents(whole, number))
        before: list[tuple[str, ...]] = [(str(backup.type), *row) for row in _reference_rows(kept)]
        files[folder / f"{backup.name}.csv"] = [references[0], *before]
    taken = [file for file in files if file.exists()]
    if taken:
        raise Stop(WRONG, (_("{file} exists already; choose another name.").format(file=taken[0]),))
    make_folder(folder)
    for file, rows in files.items():
        # With a mark at its start, so that a spreadsheet knows the accents.
        replace_bytes(file, b"\xef\xbb\xbf" + _csv(rows).encode())
        say(_("{file} was written.").format(file=file))


def _contents(state: State, code: int) -> pa.Table:
    from wizard.grades import reference_store

    return _from_store(state, lambda whole: reference_store.contents(whole, code))


def _from_store(state: State, read: Any) -> Any:
    """What the APS store of a profile says. A store that cannot be used ends the command, with cause and action."""
    from wizard.flow.state import subject
    from wizard.grades.reference_store import StoreFailed

    try:
        return read(subject(state))
    except StoreFailed as error:
        outcome = error.outcome
        raise Stop(FAILED, tuple(line for line in (outcome.message, outcome.hint) if line)) from None


def _reference_rows(table: pa.Table) -> list[tuple[str, str, str, str]]:
    """Reference, code, description and "1" for a content that Logix still has."""
    columns = (table[name].to_pylist() for name in ("reference", "code", "description", "active"))
    return [
        (reference, code, text, "1" if active else "0") for reference, code, text, active in zip(*columns, strict=True)
    ]


def _csv(rows: Sequence[tuple[str, ...]]) -> str:
    text = StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerows(rows)
    return text.getvalue()
