"""Importing grade types from `ctr_grade` of the profile's company (DB0142, R-1.9-02, R-1.9-03).

Table and column names of the contents come from data: only plain identifiers are used; anything else
refuses that type with a reason and the rest is imported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from wizard.checklist.check import Outcome, Subject
from wizard.checklist.redact import redacted
from wizard.connection.session import ConnectionFailed, logix
from wizard.grades.capacity import indicator_for, propose
from wizard.isolated.host import Job
from wizard.profile.models import MAX_SLOTS, Grades, GradeType
from wizard.secrets.handover import handed_over

if TYPE_CHECKING:
    from sqlalchemy import ColumnClause, Connection, Select
    from sqlalchemy.sql.elements import quoted_name

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?", re.ASCII)
"""A table or column name, with an optional owner."""

SECONDS = 300
"""Time that an import may take."""

LIMIT = 500
"""Grade types of one company that a profile holds."""


@dataclass(frozen=True)
class Finding:
    """Something about one grade type that a person has to know; the type was left out, or taken as it is."""

    code: int
    description: str
    message: str
    refused: bool


@dataclass(frozen=True)
class Import:
    """What an import gives: the grades section for the profile, and the findings."""

    grades: Grades
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Row:
    code: int
    description: str
    table: str
    code_column: str
    description_column: str
    per_company: bool


def run(subject: Subject) -> Import:
    """Read types, count their contents and list the combinations in use. Raises ConnectionFailed.

    Types that the profile has already keep their indicator and size (R-1.9-11).
    """
    company = subject.profile.company.logix
    kept = {grade.code: grade for grade in subject.profile.grades.types}
    types: dict[int, GradeType] = {}
    findings: list[Finding] = []
    with logix(subject) as connection:
        rows = _types(connection, company)
        combinations = _combinations(connection, company)
        for row in rows:
            try:
                if not 0 <= row.code <= 99999:
                    raise _Refused(_("The code in ctr_grade is not a number of up to five digits."))
                if row.code in types:
                    raise _Refused(_("The code stands twice in ctr_grade."))
                contents = _contents(connection, row, company)
                together = max((len(codes) for codes in combinations if row.code in codes), default=0)
                types[row.code] = _grade_type(row, contents.count, together, kept, types)
            except ValidationError:
                message = _("A name in ctr_grade is too long or holds characters that a profile cannot keep.")
                findings.append(Finding(row.code, row.description, message, True))
            except _Refused as refused:
                findings.append(Finding(row.code, row.description, str(refused), True))
            else:
                findings.extend(Finding(row.code, row.description, text, False) for text in contents.remarks())
    usable = tuple(codes for codes in combinations if types.keys() >= set(codes))
    for codes in combinations:
        missing = [code for code in codes if code not in types]
        if missing:
            message = _("Items use this type, but it could not be imported.")
            findings.extend(
                Finding(code, "", message, True) for code in missing if all(f.code != code for f in findings)
            )
    grades = Grades(
        enabled=True,
        types=tuple(types.values()),
        combinations=usable,
        imported_at=datetime.now(UTC).replace(microsecond=0),
        imported_from="logix",
    )
    return Import(grades, tuple(findings))


def import_job(subject: Subject) -> Job:
    """The import as a job for a child process, which can be cancelled; `from_child` reads its answer."""
    data, withhold = handed_over(subject)
    return Job("wizard.grades.importer:in_child", {"subject": data}, SECONDS, withhold)


def in_child(request: Mapping[str, Any]) -> dict[str, Any]:
    """What the child of an import does: {"subject"} in, {"grades", "findings"} or {"failed"} out."""
    subject = Subject.from_json(request["subject"])
    try:
        result = run(subject)
    except ConnectionFailed as error:
        return {"failed": redacted(error.outcome, subject).to_json()}
    return {
        "grades": result.grades.model_dump(mode="json"),
        "findings": [asdict(finding) for finding in result.findings],
    }


def from_child(answer: Mapping[str, Any]) -> Import | Outcome:
    """The child's answer as data: the import, or why it failed."""
    if "failed" in answer:
        return Outcome(**answer["failed"])
    return Import(
        Grades.model_validate(answer["grades"]),
        tuple(Finding(**finding) for finding in answer["findings"]),
    )


class _Refused(Exception):
    """One type cannot be imported; the text says why."""


def _types(connection: Connection, company: str) -> list[_Row]:
    from sqlalchemy import select

    from wizard.connection.logix_tables import CTR_GRADE as t

    query = (
        select(
            t.c.cod_grade,
            t.c.descr_cabec_zoom,
            t.c.nom_tabela_zoom,
            t.c.descr_col_1_zoom,
            t.c.descr_col_2_zoom,
            t.c.ies_ctr_empresa,
        )
        .where(t.c.cod_empresa == company)
        .order_by(t.c.cod_grade)
    )
    rows = connection.execute(query).fetchmany(LIMIT)
    return [
        _Row(
            code=_number(row[0]),
            description=_text(row[1]),
            table=_text(row[2]),
            code_column=_text(row[3]),
            description_column=_text(row[4]),
            per_company=_text(row[5]).upper() == "S",
        )
        for row in rows
    ]


def _number(value: object) -> int:
    """A whole number of the database, whatever its driver gives; -1 for anything else."""
    text = "" if value is None else str(value).strip()
    return int(float(text)) if re.fullmatch(r"[0-9]{1,9}([.]0*)?", text) else -1


def _text(value: object) -> str:
    """A CHAR column without its padding; NULL is empty."""
    return "" if value is None else str(value).strip()


@dataclass(frozen=True)
class _Contents:
    """How many contents a type has, as APS will tell them apart, and what was not counted."""

    count: int
    blank: int
    twins: int

    def remarks(self) -> Iterator[str]:
        if self.blank:
            yield _("Contents without a code, not counted: {count}.").format(count=self.blank)
        if self.twins:
            text = _("Codes that repeat another one but for capitals: {count}. APS takes the first of each.")
            yield text.format(count=self.twins)


def _contents(connection: Connection, row: _Row, company: str) -> _Contents:
    """Read the codes of a type. A blank one is no content; APS does not tell a from A (R-GEN-04)."""
    from sqlalchemy.exc import DBAPIError

    for name, what in (
        (row.table, _("table")),
        (row.code_column, _("code column")),
        (row.description_column, _("description column")),
    ):
        if not IDENTIFIER.fullmatch(name):
            raise _Refused(_("The name of the {what} in ctr_grade is not a plain name.").format(what=what))
    blank, codes = 0, set[str]()
    query = contents_query(row.table, row.code_column, row.description_column, company if row.per_company else None)
    try:
        for value, _description in connection.execute(query).yield_per(10_000):
            code = "" if value is None else str(value).rstrip()
            blank += not code
            codes.add(code)
    except DBAPIError:
        message = _("The table {table} or one of its columns cannot be read.")
        raise _Refused(message.format(table=row.table)) from None
    codes.discard("")
    count = len({code.casefold() for code in codes})
    return _Contents(count, blank, len(codes) - count)


def contents_query(table_name: str, code: str, description: str, company: str | None) -> Select[Any]:
    """Code and description of every content; the names are plain identifiers already."""
    from sqlalchemy import column, select, table

    owner, _dot, short = table_name.rpartition(".")
    source = table(_bare(short), schema=_bare(owner) if owner else None)
    columns: list[ColumnClause[Any]] = [column(_bare(code)), column(_bare(description))]
    query: Select[Any] = select(*columns).select_from(source)
    return query if company is None else query.where(column("cod_empresa") == company)


def _bare(name: str) -> quoted_name:
    """A name without quotes, also one in capitals: for Informix a text in double quotes is no name."""
    from sqlalchemy.sql.elements import quoted_name

    return quoted_name(name, quote=False)


def _grade_type(
    row: _Row, contents: int, together: int, kept: Mapping[int, GradeType], taken: Mapping[int, GradeType]
) -> GradeType:
    before = kept.get(row.code)
    others = {grade.indicator for grade in (*kept.values(), *taken.values())}
    try:
        indicator = before.indicator if before else indicator_for(row.description, others)
    except ValueError:
        raise _Refused(_("All 36 indicator characters are taken by other types.")) from None
    return GradeType(
        code=row.code,
        description=row.description[:60],
        content_table=row.table,
        code_column=row.code_column,
        description_column=row.description_column,
        per_company=row.per_company,
        indicator=indicator,
        size=before.size if before else propose(contents, grades=together).size,
        contents=contents,
    )


def _combinations(connection: Connection, company: str) -> tuple[tuple[int, ...], ...]:
    """The different combinations of types over the slots 1 to 5; an empty slot is 0 or NULL."""
    from sqlalchemy import select

    from wizard.connection.logix_tables import ITEM_CTR_GRADE as t

    slots = [t.c[f"num_grade_{slot}"] for slot in range(1, MAX_SLOTS + 1)]
    rows = connection.execute(select(*slots).where(t.c.cod_empresa == company).distinct()).all()
    # Not every driver gives numbers: "0" is an empty slot too.
    found = {tuple(number for number in (_number(code) for code in row) if number > 0) for row in rows}
    return tuple(sorted(codes for codes in found if codes))
