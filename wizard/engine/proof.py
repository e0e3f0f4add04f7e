"""Proving that the engines will start: the checks of `aps-wizard check --as-engine`, run under their account.

Directly where this account may start a process of another; else a person runs the command shown, and the file
that it leaves is read back.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from gettext import gettext as _
from pathlib import Path
from typing import Any, get_args

from wizard import __version__, log
from wizard.checklist import confirmations
from wizard.checklist.check import Outcome, Status, Subject
from wizard.checklist.registry import engine_checks
from wizard.checklist.run import Report, Result, Run
from wizard.engine import windows_task
from wizard.engine.account import exists, own_name, same
from wizard.engine.checks.profile_file import unreadable
from wizard.profile import store
from wizard.profile.errors import Problem, ProfileError
from wizard.profile.models import Profile
from wizard.profile.store import io_problem
from wizard.secrets.references import engine_account, environment_secrets

FORMAT = "aps-wizard engine proof 1"
SECONDS = 180
"""For all checks together; each has its own limit too."""

_SETTINGS = ("APS_LANG", "APS_PROFILE_DIR", "APS_LOG_DIR")
"""Variables of this program that go along: language and folders. Where they are set, the engines need them too."""

MAX_AGE = timedelta(hours=24)
"""An older result file proves another day."""

_SIZE_LIMIT = 1024 * 1024
_GRACE = 5


@dataclass(frozen=True)
class Proof:
    """What the checks found under the account that ran them."""

    account: str
    at: datetime
    results: Mapping[str, Result]
    passed: bool


class CannotProve(Exception):
    """The checks could not be run under the account, or what came back proves nothing; `problem` says why."""

    def __init__(self, code: str, message: str, action: str) -> None:
        self.problem = Problem(code, message, action=action)
        super().__init__(str(self.problem))


# --- what the account of the engines does ------------------------------------------------------


def prove_here(file: Path, timeout: float | None = None, on_run: Callable[[Run], None] = lambda run: None) -> Report:
    """Run the checks as this account, over a profile file. A profile that it cannot read is one of the results.

    `on_run` gets the run before it begins, so that it can be cancelled.
    """
    checks = engine_checks()
    try:
        profile = store.read(file).profile
    except ProfileError as error:
        if not any(problem.code in ("unreadable", "not_found") for problem in error.problems):
            raise
        at = datetime.now(UTC)
        first = Result(checks["engine.profile"], unreadable(error), 0, at)
        return Report((first,), at)
    subject = Subject(profile, file.absolute(), as_engine=True)
    run = Run(subject, tuple(checks.values()), timeout=timeout)
    on_run(run)
    return run.run()


def to_json(report: Report, file: Path) -> dict[str, Any]:
    """The shape of `aps-wizard check --as-engine --json`, and of its result file; a contract."""
    try:
        digest = store.digest_of(file)
    except OSError:
        digest = ""
    about = {
        "format": FORMAT,
        "version": __version__,
        "account": own_name(),
        "at": report.at.isoformat(timespec="seconds"),
        "digest": digest,
    }
    return {**about, **report.to_json(str(file))}


def write_result(data: Mapping[str, Any], out: Path) -> None:
    """Leave the result for the account that asked. A file that is there already is not touched: OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(out, flags, 0o644), "w", encoding="utf-8") as file:
        if os.name == "posix":
            os.fchmod(file.fileno(), 0o644)  # the umask may be that of a service
        json.dump(data, file)


# --- what the wizard does ----------------------------------------------------------------------


def command(profile: Path, out: Path | None = None) -> list[str]:
    """The call that proves a profile as the account that runs it. It holds no secret: paths alone."""
    words = [sys.executable, "-P", "-m", "wizard", "check", str(profile.absolute()), "--as-engine", "--json"]
    return [*words, "--out", str(out)] if out else words


def command_text(profile: Path, out: Path) -> str:
    """The same as one line for the shell of this system."""
    words = command(profile, out)
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)


def result_file() -> Path:
    """A place where any account of this machine can leave a result; not there yet."""
    folder = os.environ.get("PUBLIC", "C:\\Users\\Public") if sys.platform == "win32" else tempfile.gettempdir()
    return Path(folder) / f"aps-wizard-{secrets.token_hex(8)}.json"


class Attempt:
    """One run of the checks under the account of a profile. `run` blocks; `cancel` may come from any thread."""

    def __init__(self, file: Path, profile: Profile, seconds: float = SECONDS) -> None:
        self._file = file
        self._account = engine_account(profile)
        environment_secrets(profile)  # from here on no child inherits the variables that it names
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._run: Run | None = None
        self._cancelled = threading.Event()

    def run(self) -> Proof:
        """Run the checks. Raises CannotProve, also when cancelled or when the time is over."""
        if not self._account or same(self._account, own_name()):
            return self._here()
        # Made for all accounts by whoever first may: on a fresh machine the engines' account may not.
        log.folder()
        if sys.platform == "win32":
            return self._by_task(self._account)
        if not exists(self._account):
            raise _unknown(self._account)
        answer = self._answer(_as_account(self._account, command(self._file)))
        return accepted(answer, self._file, self._account)

    def cancel(self) -> None:
        """End the checks now."""
        self._cancelled.set()
        with self._lock:
            if self._run is not None:
                self._run.cancel()
            if self._process is not None:
                _stop(self._process)

    def _here(self) -> Proof:
        def made(run: Run) -> None:
            with self._lock:
                self._run = run
            if self._cancelled.is_set():
                run.cancel()

        data = to_json(prove_here(self._file, on_run=made), self._file)
        if self._cancelled.is_set():
            raise _cancelled()
        return accepted(json.dumps(data).encode(), self._file, self._account)

    def _answer(self, words: Sequence[str]) -> bytes:
        with self._lock:
            if self._cancelled.is_set():
                raise _cancelled()
            try:
                self._process = subprocess.Popen(
                    words,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                    # Variables may hold secrets of this account; the other one's login sets its own.
                    env={"PATH": os.environ.get("PATH", os.defpath)},
                )
            except OSError as error:
                raise _not_started(io_problem("engine.no_way", None, error).message) from None
        process = self._process
        timer = threading.Timer(self._seconds, _stop, [process])
        timer.start()
        try:
            assert process.stdout is not None  # noqa: S101 - it is a PIPE
            answer = process.stdout.read(_SIZE_LIMIT)
            process.stdout.close()
            code = process.wait()
        except BaseException:
            # Ctrl+C does not reach the checks by itself: they are in a session of their own.
            _stop(process)
            raise
        finally:
            timed_out = not timer.is_alive()
            timer.cancel()
            timer.join()
        if self._cancelled.is_set():
            raise _cancelled()
        if timed_out:
            raise _silent()
        if not answer.strip():
            raise _no_answer(code)
        return answer

    def _by_task(self, account: str) -> Proof:
        out = result_file()
        try:
            windows_task.run(account, command(self._file, out), out, self._seconds, self._cancelled)
            if self._cancelled.is_set():
                raise _cancelled()
            return read_result(out, self._file, account)
        except windows_task.Refused as error:
            raise _no_way(account, error.code) from None
        finally:
            with contextlib.suppress(OSError):
                out.unlink(missing_ok=True)


def keep(file: Path, profile: Profile, found: Proof) -> None:
    """Write a proof down beside the profile, for the checklist and its report. Raises ProfileError."""
    confirmations.proved(
        file,
        profile,
        account=found.account,
        at=found.at,
        passed=found.passed,
        failed=tuple(id_ for id_, result in found.results.items() if not result.passed),
        covers=tuple(sorted({section for check in engine_checks().values() for section in check.covers})),
    )


def read_result(out: Path, file: Path, account: str | None) -> Proof:
    """The proof in a result file. Raises CannotProve for one of another account, profile or day."""
    try:
        with out.open("rb") as opened:
            raw = opened.read(_SIZE_LIMIT)
            owner = os.fstat(opened.fileno()).st_uid
    except FileNotFoundError:
        message = _("There is no result file {file} yet.").format(file=out)
        raise CannotProve("engine.no_result", message, _("Run the command as the engines' account first.")) from None
    except OSError as error:
        refused = io_problem("engine.no_result", out, error)
        message = _("The result file cannot be read: {reason}").format(reason=refused.message)
        raise CannotProve(refused.code, message, refused.action) from None
    proof = accepted(raw, file, account)
    if os.name == "posix" and not same(_name_of(owner), proof.account):
        message = _("The result file belongs to {owner}, but says that it is of {account}.")
        text = message.format(owner=_name_of(owner), account=proof.account)
        raise CannotProve("engine.forged", text, _("Run the command as the engines' account."))
    return proof


def accepted(raw: bytes, file: Path, account: str | None) -> Proof:
    """The proof in what the command said. Raises CannotProve."""
    known = engine_checks()
    try:
        data = json.loads(raw)
        if data["format"] != FORMAT:
            raise ValueError("another format")
        at = datetime.fromisoformat(data["at"])
        found = {
            one["id"]: Result(known[one["id"]], _outcome(one), int(one["elapsed_ms"]), at) for one in data["checks"]
        }
        who, digest = str(data["account"]), str(data["digest"])
        age = datetime.now(UTC) - at
    except (ValueError, KeyError, TypeError, AttributeError):
        message = _("What came back is no result of this version of the program.")
        raise CannotProve(
            "engine.no_answer", message, _("Run the command that is shown, and choose its file.")
        ) from None
    if account and not same(account, who):
        message = _("The checks ran as {here}; the engines run as {wanted}.").format(here=who, wanted=account)
        raise CannotProve("engine.other_account", message, _("Run the command as the engines' account."))
    if not timedelta(minutes=-5) < age < MAX_AGE:
        message = _("The result is of {day}.").format(day=at)
        raise CannotProve("engine.old_result", message, _("Run the command again."))
    try:
        same_profile = not digest or digest == store.digest_of(file)
    except OSError:
        same_profile = False
    if not same_profile:
        message = _("The profile was changed after these checks ran.")
        raise CannotProve("engine.old_result", message, _("Run the command again."))
    passed = Report(tuple(found.values()), at).status == "ok"
    return Proof(who, at, found, passed and bool(digest) and set(found) == set(known))


def _outcome(one: Mapping[str, Any]) -> Outcome:
    """The outcome of a check in the words of another process. Raises ValueError for one that no check gives."""
    status, *texts = (one[name] for name in ("status", "code", "message", "hint"))
    if status not in get_args(Status) or not all(isinstance(text, str) for text in texts):
        raise ValueError("no outcome")
    return Outcome(status, *texts)


# --- another account, where there is runuser or sudo ---------------------------------------------


def _as_account(account: str, words: Sequence[str]) -> list[str]:
    """A call as another account, with its own environment and not ours: the engines have that one too."""
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.@$\\-]*", account):
        raise _no_way(account, "")
    settings = [f"{name}={shlex.quote(os.environ[name])}" for name in _SETTINGS if name in os.environ]
    line = " ".join([*settings, "exec", shlex.join(words)])
    # The shell of a service account is often one that refuses everything.
    if os.geteuid() == 0 and shutil.which("runuser"):
        return ["runuser", "--login", "--shell", "/bin/sh", "--command", line, account]
    if shutil.which("sudo"):
        return ["sudo", "-n", "-H", "-u", account, "--", "/bin/sh", "-l", "-c", line]
    raise _no_way(account, "")


def _unknown(account: str) -> CannotProve:
    message = _("This machine knows no account {name}.").format(name=account)
    return CannotProve("engine.no_account", message, _("Correct its name on the page Engine account."))


def _name_of(uid: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a process that may hold another account's: asked first, so that runuser ends what it started."""
    process.terminate()
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()


def _cancelled() -> CannotProve:
    return CannotProve("cancelled", _("Cancelled."), "")


def _silent() -> CannotProve:
    message = _("The checks gave no answer in time.")
    return CannotProve("engine.silent", message, _("Run the command that is shown as that account."))


def _not_started(reason: str) -> CannotProve:
    message = _("The checks could not be started: {reason}").format(reason=reason)
    return CannotProve("engine.no_way", message, _("Run the command that is shown as that account."))


def _no_answer(code: int) -> CannotProve:
    if code in (126, 127):
        message = _("The engines' account may not start the program {program}.").format(program=sys.executable)
        action = _("Install the program where every account may run it, not in the folder of one person.")
        return CannotProve("engine.program", message, action)
    message = _("The checks gave no answer (exit code {code}).").format(code=code)
    return CannotProve("engine.no_answer", message, _("Run the command that is shown as that account and look."))


def _no_way(account: str, code: str) -> CannotProve:
    message = _("This account may not start a program as {account}.").format(account=account)
    text = f"{message} ({code})" if code else message
    return CannotProve("engine.no_way", text, _("Start the wizard as administrator, or run the command that is shown."))
