"""Applying a difference to the APS store: all of it or nothing, by one program at a time.

What it promises: whatever dies meanwhile leaves the old state; a difference that is empty writes nothing at all; a
difference that was computed before another program applied one is refused; references move only in a renumbering that
was confirmed by type and count, and the former ones are kept as a backup first.

`first_seen` of a content is the import that gave it its reference. `last_seen` says until when it is known to have
been in Logix: of an active content, the last import that wrote its row (new, renamed, come back or moved), of an
inactive one the import that missed it. An import that finds a content as it was does not write it and does not touch
`last_seen`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import bindparam, func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from wizard.checklist.check import Subject, fail
from wizard.grades.difference import Difference, Kind, TypeDifference, TypeRow, folded
from wizard.grades.reference_store import BATCH, StoreFailed, writing
from wizard.grades.reference_tables import BACKUP, CONTENTS, RENUMBERINGS, STATE, TYPES
from wizard.profile.errors import Problem

if TYPE_CHECKING:
    from sqlalchemy import Connection


class RenumberingRefused(Exception):
    """References would move and that was not confirmed. One problem for each type; nothing was written."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True)
class Applied:
    """What was written: rows of contents and of types, and the numbers of the backups that were made."""

    contents: int = 0
    types: int = 0
    backups: tuple[int, ...] = ()


def apply(
    subject: Subject, difference: Difference, moment: datetime, confirmed: Mapping[int, int] | None = None
) -> Applied:
    """Write a difference in one transaction. `moment` (with a zone) is that of the import.

    `confirmed` maps the code of each type that may be renumbered to the count of references that move. Types that the
    difference leaves out stay as they are. Raises RenumberingRefused, and StoreFailed, also with `store.changed` when
    the store is no longer the one that the difference was computed from; nothing is written then.
    """
    company = subject.profile.company.logix
    if difference.company != company:
        raise ValueError(f"a difference of company {difference.company}, a profile of {company}")
    _refuse_unconfirmed(difference, confirmed or {})
    if difference.empty:
        return Applied()
    at = moment.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    with writing(subject) as connection:
        _take_turn(connection, difference)
        moved = [change for change in difference.types if change.moves]
        backups = tuple(_back_up(connection, company, change, at) for change in moved)
        for change in difference.types:
            if change.what:
                _write_type(connection, company, change)
        _write_contents(connection, difference, at)
    types = sum(bool(change.what) for change in difference.types)
    return Applied(difference.rows.num_rows, types, backups)


def _refuse_unconfirmed(difference: Difference, confirmed: Mapping[int, int]) -> None:
    problems = tuple(
        _unconfirmed(change.before, change.after, change.moves)
        for change in difference.types
        if change.before and change.moves and confirmed.get(change.code) != change.moves
    )
    if problems:
        raise RenumberingRefused(problems)


def _unconfirmed(before: TypeRow, after: TypeRow, moves: int) -> Problem:
    if before.size != after.size:
        message = _("Size {before} to {after} of grade type {code} ({description}) would move references: {count}.")
        action = _("Set the size back to {before}, or confirm the renumbering with this count: {exactly}.")
        old, new = str(before.size), str(after.size)
    else:
        message = _(
            "Indicator {before} to {after} of grade type {code} ({description}) would move references: {count}."
        )
        action = _("Set the indicator back to {before}, or confirm the renumbering with this count: {exactly}.")
        old, new = before.indicator, after.indicator
    text = message.format(before=old, after=new, count=moves, code=after.code, description=after.description)
    return Problem("references.not_confirmed", text, action=action.format(before=old, exactly=moves))


def _take_turn(connection: Connection, difference: Difference) -> None:
    """Count the generation on, which locks it until the end of the transaction; refuse when it is not the known one."""
    mine = STATE.c.cod_estabel == difference.company
    if difference.generation:
        known = STATE.c.num_geracao == difference.generation
        following = {"num_geracao": difference.generation + 1}
        turned = connection.execute(update(STATE).where(mine, known).values(following)).rowcount == 1
    else:
        try:
            connection.execute(insert(STATE).values(cod_estabel=difference.company, num_geracao=1))
            turned = True
        except IntegrityError:
            turned = False
    if not turned:
        message = _("Another program changed the grade references since this difference was computed.")
        raise StoreFailed(fail("store.changed", message, _("Compute the difference again and look at it.")))


def _back_up(connection: Connection, company: str, change: TypeDifference, at: datetime) -> int:
    before, after, t = change.before, change.after, RENUMBERINGS
    assert before is not None  # noqa: S101 - an added type moves nothing
    number = (connection.scalar(select(func.max(t.c.num_renum)).where(t.c.cod_estabel == company)) or 0) + 1
    connection.execute(
        insert(t).values(
            cod_estabel=company,
            num_renum=number,
            nom_renum=f"{before.code}-{before.indicator}{before.size}-{at:%Y%m%dT%H%M%SZ}",
            dat_renum=at,
            cdn_tip_grade=before.code,
            des_tip_grade=before.description,
            ind_tip_grade=before.indicator,
            qti_tam_refer=before.size,
            ind_tip_grade_novo=after.indicator,
            qti_tam_refer_novo=after.size,
            qti_contdo=change.moves,
        )
    )
    source = {name: column for name, column in CONTENTS.c.items() if name in BACKUP.c}
    rows = select(literal(number), *source.values()).where(
        CONTENTS.c.cod_estabel == company, CONTENTS.c.cdn_tip_grade == before.code
    )
    connection.execute(insert(BACKUP).from_select(["num_renum", *source], rows))
    return number


def _write_type(connection: Connection, company: str, change: TypeDifference) -> None:
    row = change.after
    values = {
        "des_tip_grade": row.description,
        "nom_tab_contdo": row.content_table,
        "nom_campo_cod": row.code_column,
        "nom_campo_descr": row.description_column,
        "ind_tip_grade": row.indicator,
        "qti_tam_refer": row.size,
        "log_ativo": row.active,
    }
    if change.before is None:
        connection.execute(insert(TYPES).values(cod_estabel=company, cdn_tip_grade=row.code, **values))
    else:
        mine = (TYPES.c.cod_estabel == company, TYPES.c.cdn_tip_grade == row.code)
        connection.execute(update(TYPES).where(*mine).values(values))


def _write_contents(connection: Connection, difference: Difference, at: datetime) -> None:
    seen: dict[str, object] = {"dat_ultima": at}
    first = {"cod_estabel": difference.company, "dat_primeira": at, "log_ativo": True}
    new = insert(CONTENTS).values(first | seen)
    mine = (
        CONTENTS.c.cod_estabel == difference.company,
        CONTENTS.c.cdn_tip_grade == bindparam("of_type"),
        CONTENTS.c.num_seq == bindparam("of_sequence"),
    )
    for kind, batch in _batches(difference.rows):
        if kind == "new":
            connection.execute(new, _dictionaries(batch, _NEW, cod_chave=folded(batch["code"])))
        else:
            values, columns = _CHANGES[kind]
            keys = {"of_type": "type", "of_sequence": "sequence"}
            bound = {f"to_{name}": column for name, column in columns.items()}
            changed = seen | values | {name: bindparam(f"to_{name}") for name in columns}
            connection.execute(update(CONTENTS).where(*mine).values(changed), _dictionaries(batch, keys | bound))


_NEW = {
    "cdn_tip_grade": "type",
    "num_seq": "sequence",
    "cod_grade_erp": "code",
    "des_grade": "new_description",
    "cod_grade": "reference",
}
"""Columns of a new content, and where in the rows of a difference they stand."""

_CHANGES: dict[Kind, tuple[dict[str, object], dict[str, str]]] = {
    "moved": ({}, {"cod_grade": "reference"}),
    "gone": ({"log_ativo": False}, {}),
    "back": ({"log_ativo": True}, {"des_grade": "new_description"}),
    "renamed": ({}, {"des_grade": "new_description"}),
}
"""What a change of each kind writes besides `last_seen`: fixed values, and columns out of the rows."""


def _batches(rows: pa.Table) -> Iterator[tuple[Kind, pa.RecordBatch]]:
    for batch in rows.to_batches(max_chunksize=BATCH):
        kinds = batch["kind"]
        for kind in pc.unique(kinds).to_pylist():
            yield kind, batch.filter(pc.equal(kinds, kind))


def _dictionaries(batch: pa.RecordBatch, names: dict[str, str], **more: pa.Array) -> list[dict[str, Any]]:
    columns = {name: batch[column] for name, column in names.items()} | more
    values = [column.to_pylist() for column in columns.values()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]
