"""An import of grade types in a child of its own: a driver may hang or crash, and a large type takes memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from gettext import gettext as _
from typing import Any

from wizard.checklist.check import Outcome, Subject, fail
from wizard.checklist.redact import redacted
from wizard.connection.session import ConnectionFailed
from wizard.grades import importer
from wizard.grades.import_result import Changes, Finding, Given, Import, Progress, TypeChange, Wish
from wizard.grades.refusal import Refused
from wizard.i18n import sentences
from wizard.isolated.host import Job
from wizard.isolated.progress import progress
from wizard.profile.models import Grades
from wizard.profile.store import io_problem
from wizard.secrets.handover import handed_over

SECONDS = 3600
"""Time that an import may take; a person can end it before."""


def import_job(subject: Subject, wish: Wish, on_progress: Callable[[Progress], None] | None = None) -> Job:
    """The import as a job for a child process, which can be cancelled; `from_child` reads its answer."""
    data, withhold = handed_over(subject)
    request = {"subject": data, "wish": asdict(wish)}

    def told(data: Mapping[str, Any]) -> None:
        if on_progress is not None:
            on_progress(Progress(**data))

    return Job("wizard.grades.import_job:in_child", request, SECONDS, withhold, told)


def in_child(request: Mapping[str, Any]) -> dict[str, Any]:
    """What the child does: {"subject", "wish"} in, an `Import` as data or {"failed": Outcome} out."""
    from wizard.grades.apply_references import RenumberingRefused
    from wizard.grades.reference_store import StoreFailed

    subject = Subject.from_json(request["subject"])
    wish = Wish(**request["wish"])
    wish = replace(wish, confirmed={int(code): count for code, count in wish.confirmed.items()})
    try:
        found = importer.run(subject, wish, lambda now: progress(asdict(now)))
    except (ConnectionFailed, StoreFailed) as error:
        failed = redacted(error.outcome, subject)
    except Refused as error:
        failed = fail(error.problem.code, str(replace(error.problem, action="")), error.problem.action)
    except RenumberingRefused as error:
        text = " ".join(problem.message for problem in error.problems)
        failed = fail(error.problems[0].code, text, error.problems[0].action)
    except OSError as error:
        message = _("The file {file} cannot be read or written.").format(file=error.filename or wish.csv or wish.rows)
        problem = io_problem("unreadable", None, error)
        failed = fail("grades.unreadable", message, sentences(problem.message, problem.action))
    else:
        return {**asdict(found), "grades": found.grades.model_dump(mode="json")}
    return {"failed": failed.to_json()}


def from_child(answer: Mapping[str, Any]) -> Import | Outcome:
    """The child's answer as data: the import, or why it failed."""
    if "failed" in answer:
        return Outcome(**answer["failed"])
    changes = answer["changes"]
    types = tuple(TypeChange(**{**change, "what": tuple(change["what"])}) for change in changes["types"])
    return Import(
        Grades.model_validate(answer["grades"]),
        tuple(Finding(**{**finding, "examples": tuple(finding["examples"])}) for finding in answer["findings"]),
        {int(code): tuple(slots) for code, slots in answer["slots"].items()},
        Changes(
            **{
                **changes,
                "types": types,
                "backups": tuple(changes["backups"]),
                "backup_names": tuple(changes["backup_names"]),
            }
        ),
        {int(code): Given(**given) for code, given in answer["given"].items()},
    )
