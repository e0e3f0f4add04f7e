"""Importing grade types (DB0142, R-1.9-02, R-1.9-03): read, compare with the references kept, apply when asked to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from wizard.checklist.check import Subject
from wizard.grades import plan
from wizard.grades.capacity import indicator_for
from wizard.grades.import_result import Changes, Finding, Given, Import, Phase, Progress, TypeChange, Wish
from wizard.grades.source import Source, TypeRefused, TypeRow
from wizard.profile.models import Grades, GradeType

if TYPE_CHECKING:
    import pyarrow as pa

    from wizard.grades.difference import Difference, Kind, Stored

PROGRESS_SECONDS = 0.1
"""How often the progress is told at most."""


def run(subject: Subject, wish: Wish, on_progress: Callable[[Progress], None] | None = None) -> Import:
    """Read, compare and, if asked, apply. Types that the profile or the store has keep indicator and size (R-1.9-11).

    Raises ConnectionFailed, StoreFailed, RenumberingRefused, Refused for a CSV file, OSError.
    """
    from wizard.grades import reference_store
    from wizard.grades.apply_references import apply
    from wizard.grades.difference import difference

    say = on_progress or (lambda now: None)
    source = _source(subject, wish)
    stored = reference_store.stored(subject)
    findings: list[Finding] = []
    read = dict(_read(source, findings, say))
    say(_begun("comparing", source, read))
    types = _sized(subject.profile.grades, stored, source, read, findings)
    # A type that Logix has but that could not be read or taken this time stays as profile and store have it.
    unread = {row.code for row in source.types}
    if source.more:
        # Nobody knows whether Logix has the others.
        unread |= {grade.code for grade in subject.profile.grades.types} | {row.code for row in stored.types}
        text = _("ctr_grade has more than {limit} rows for this company. The rest was not read and stays as it is.")
        findings.append(Finding(0, "", "refused", text.format(limit=len(source.types))))
    unread -= {row.code for row in types}
    kept = [grade for grade in subject.profile.grades.types if grade.code in unread]
    grades = _grades(source, types, kept, findings)
    compared = difference(stored, [(grade, read[row]) for row, grade in types.items()], unread)
    findings += [
        Finding(left.code, _name(grades, left.code), "left_out", str(left.problem)) for left in compared.left_out
    ]
    found = Import(grades, tuple(findings), _slots(source), _changes(compared), given_of(stored))
    if wish.rows:
        _write_rows(compared.rows, Path(wish.rows))
    if not wish.apply or (wish.expected is not None and wish.expected != compared.digest):
        return found
    say(_begun("writing", source, read))
    applied = apply(subject, compared, datetime.now(UTC), wish.confirmed)
    names = {backup.number: backup.name for backup in reference_store.backups(subject)} if applied.backups else {}
    changes = replace(
        _changes(compared),
        applied=True,
        backups=applied.backups,
        backup_names=tuple(names[number] for number in applied.backups),
        where=_store_name(subject),
    )
    return replace(found, changes=changes, given=given_of(stored, compared))


def _source(subject: Subject, wish: Wish) -> Source:
    if wish.csv is None:
        from wizard.grades import logix_source

        return logix_source.read(subject)
    from wizard.grades import csv_source

    return csv_source.read(Path(wish.csv), subject.profile.grades.combinations, subject.profile.grades.long_items)


def _read(
    source: Source, findings: list[Finding], on_progress: Callable[[Progress], None]
) -> Iterator[tuple[TypeRow, pa.Table]]:
    """The contents of each type that can be read, and findings about the others and about what was left out."""
    from wizard.grades.contents import clean

    clock = _Clock(source, on_progress)
    seen: set[int] = set()
    for row in source.types:
        try:
            clock.begin(row)
            # An item has 0 in a slot that it does not use.
            if not 1 <= row.code <= 99999:
                raise TypeRefused(_("The code in ctr_grade is not a number from 1 to 99999."))
            if row.code in seen:
                raise TypeRefused(_("The code stands twice in ctr_grade."))
            seen.add(row.code)
            contents = clean(source.contents(row), clock.rows)
        except TypeRefused as refused:
            findings.append(Finding(row.code, row.description, "refused", str(refused)))
            continue
        findings.extend(
            Finding(row.code, row.description, remark.kind, remark.text, remark.count, remark.examples)
            for remark in contents.remarks
        )
        if not contents.table.num_rows:
            findings.append(Finding(row.code, row.description, "empty", _("The type has no contents yet.")))
        yield row, contents.table


class _Clock:
    """Tells the progress, not more often than people can read, and what is left where the counts are known."""

    def __init__(self, source: Source, on_progress: Callable[[Progress], None]) -> None:
        self._say = on_progress
        self._of = len(source.types)
        self._counts = {row: source.expected(row) for row in source.types}
        self._started = self._said = time.monotonic()
        self._number = self._before = self._contents = 0
        self._row = TypeRow(0, "", "", "", "", per_company=False)

    def begin(self, row: TypeRow) -> None:
        self._before += self._contents
        self._number, self._row, self._contents = self._number + 1, row, 0
        self._tell()

    def rows(self, contents: int) -> None:
        self._contents = contents
        if time.monotonic() - self._said >= PROGRESS_SECONDS:
            self._tell()

    def _tell(self) -> None:
        self._said = time.monotonic()
        self._say(Progress(self._number, self._of, self._row.description, self._contents, self._left()))

    def _left(self) -> float | None:
        known = [count for count in self._counts.values() if count is not None]
        done, total = self._before + self._contents, sum(known)
        elapsed = time.monotonic() - self._started
        if not done or elapsed < 1 or len(known) < len(self._counts):
            return None
        return max(total - done, 0) * elapsed / done


def _sized(
    profile: Grades,
    stored: Stored,
    source: Source,
    read: Mapping[TypeRow, pa.Table],
    findings: list[Finding],
) -> dict[TypeRow, GradeType]:
    """Each type that was read with its indicator and size: those that it has, else proposed ones."""
    before = {row.code: (row.indicator, row.size) for row in stored.types}
    before |= {grade.code: (grade.indicator, grade.size) for grade in profile.types}
    taken = {indicator for indicator, _size in before.values()} | set(stored.former)
    given = {code: table.num_rows for code, table in stored.contents.items()}
    sizes = {code: size for code, (_indicator, size) in before.items()}
    needs = [
        plan.Need(row.code, row.description, max(table.num_rows, given.get(row.code, 0)), sizes.get(row.code))
        for row, table in read.items()
    ]
    here = {row.code for row in read}
    needs += [plan.Need(g.code, g.description, g.contents, g.size) for g in profile.types if g.code not in here]
    known = {need.code for need in needs}
    combinations = {tuple(code for code in codes if code) for codes in source.slots}
    usable = tuple(sorted(codes for codes in combinations if known >= set(codes) and len(set(codes)) == len(codes)))
    chosen = plan.propose(plan.Demand(tuple(needs), usable, long_items=source.long_items.count)).sizes
    found: dict[TypeRow, GradeType] = {}
    for row, table in read.items():
        indicator = before[row.code][0] if row.code in before else ""
        try:
            indicator = indicator or indicator_for(row.description, taken)
            grade = GradeType(
                code=row.code,
                description=row.description[:60],
                content_table=row.table,
                code_column=row.code_column,
                description_column=row.description_column,
                per_company=row.per_company,
                indicator=indicator,
                size=chosen[row.code],
                contents=table.num_rows,
            )
        except ValidationError:
            message = _("A name in ctr_grade is too long or holds characters that a profile cannot keep.")
            findings.append(Finding(row.code, row.description, "refused", message))
            continue
        except ValueError:
            message = _("All 36 indicator characters are taken by other types.")
            findings.append(Finding(row.code, row.description, "refused", message))
            continue
        taken.add(indicator)
        found[row] = grade
    return found


def _grades(
    source: Source, types: Mapping[TypeRow, GradeType], kept: list[GradeType], findings: list[Finding]
) -> Grades:
    """The section of the profile: types by code, and the combinations of types that are all there."""
    every = sorted([*types.values(), *kept], key=lambda grade: grade.code)
    codes = {grade.code for grade in every}
    combinations = sorted({tuple(code for code in row if code) for row in source.slots})
    missing = {code for row in combinations for code in row} - codes - {finding.type for finding in findings}
    findings += [
        Finding(code, "", "unused", _("Items use this type, but ctr_grade does not have it for this company."))
        for code in sorted(missing)
    ]
    if source.long_items.count:
        message = _("Item codes of more than 15 characters, which have no room in APS: {count}.")
        text = message.format(count=source.long_items.count)
        findings.append(Finding(0, "", "long_items", text, source.long_items.count, tuple(source.long_items.examples)))
    return Grades(
        enabled=True,
        types=tuple(every),
        combinations=tuple(row for row in combinations if codes >= set(row)),
        long_items=source.long_items.count,
        imported_at=datetime.now(UTC).replace(microsecond=0),
        imported_from=source.name,
    )


def _slots(source: Source) -> dict[int, tuple[int, ...]]:
    """For each type the slots 1 to 5 in which items use it."""
    used: dict[int, set[int]] = {}
    for row in source.slots:
        for slot, code in enumerate(row, 1):
            if code:
                used.setdefault(code, set()).add(slot)
    return {code: tuple(sorted(slots)) for code, slots in sorted(used.items())}


def _store_name(subject: Subject) -> str:
    from wizard.connection.aps_store import store_url

    url = store_url(subject.profile, subject.file)
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def _begun(phase: Phase, source: Source, read: Mapping[TypeRow, pa.Table]) -> Progress:
    of = len(source.types)
    return Progress(of, of, "", sum(table.num_rows for table in read.values()), None, phase)


def given_of(stored: Stored, applied: Difference | None = None) -> dict[int, Given]:
    """The types with references in the store, once a difference was applied to it."""
    known = {row.code: row for row in stored.types}
    counts = {code: table.num_rows for code, table in stored.contents.items()}
    for change in applied.types if applied else ():
        known[change.code] = change.after
        counts[change.code] = counts.get(change.code, 0) + change.counts["new"]
    return {
        code: Given(row.indicator, row.size, counts[code]) for code, row in sorted(known.items()) if counts.get(code)
    }


def _changes(compared: Difference) -> Changes:
    types = tuple(
        TypeChange(change.code, change.after.description, tuple(change.what), _by_name(change.counts), change.moves)
        for change in compared.types
    )
    return Changes(compared.digest, types, _by_name(compared.counts), compared.unchanged)


def _by_name(counts: Mapping[Kind, int]) -> dict[str, int]:
    return {str(kind): count for kind, count in counts.items()}


def _write_rows(rows: pa.Table, file: Path) -> None:
    import pyarrow as pa

    with suppress(FileNotFoundError):
        file.unlink()
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, rows.schema) as writer:
        writer.write_table(rows, max_chunksize=65_536)


def _name(grades: Grades, code: int) -> str:
    return next((grade.description for grade in grades.types if grade.code == code), "")
