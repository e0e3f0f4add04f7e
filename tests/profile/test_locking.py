"""Who holds a lock, told to whoever waits; locks of the dead; disks without locks; claims that cannot be true."""

from __future__ import annotations

import getpass
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.profile.samples import MINIMAL
from wizard.profile import locking, store
from wizard.profile.errors import ProfileError
from wizard.profile.load import profile_from_text

WRITERS = Path(__file__).with_name("writers.py")

posix = pytest.mark.skipif(os.name != "posix", reason="locks and names of POSIX")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "x.yaml"
    store.write(path, profile_from_text(MINIMAL), None)
    return path


@contextmanager
def holding(file: Path, before: Sequence[str] = (), **env: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock until the block ends, or it is killed."""
    command = [*before, sys.executable, str(WRITERS), "hold", str(file)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, env={**os.environ, **env}, **pipes) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.stdin.close()


def write(file: Path, seconds: float = 0.3, before: Sequence[str] = (), **env: str) -> str:
    """What another process is told that writes the file."""
    command = [*before, sys.executable, str(WRITERS), "once", str(file), "2", str(seconds)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=True, env={**os.environ, "APS_LANG": "en", **env}
    )
    assert not done.stderr
    return done.stdout.strip()


def claim_of(file: Path) -> Path:
    return file.with_name(f".{file.name}.holder")


def test_the_second_is_told_who_holds_the_lock_and_since_when(file: Path) -> None:
    with holding(file) as other:
        found = locking.holder(file)
        assert found is not None
        assert (found.user, found.host, found.pid) == (getpass.getuser(), socket.gethostname(), other.pid)
        assert timedelta() <= datetime.now(UTC) - found.since < timedelta(seconds=30)
        told = write(file)
    moment = found.since.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    assert told.startswith(f"refused locked {file}: {found.user} on {found.host} is writing this profile")
    assert f"since {moment} (process {other.pid})" in told
    assert locking.holder(file) is None
    assert not claim_of(file).exists()
    assert write(file) == "written 2"


@posix
def test_the_lock_of_a_dead_process_is_free_at_once_and_its_claim_is_not_believed(file: Path) -> None:
    with holding(file) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert claim_of(file).exists()
        assert locking.holder(file) is None
        assert write(file, 0) == "written 2"
    assert not claim_of(file).exists()


@posix
def test_a_process_that_took_the_number_of_a_dead_one_is_not_blamed(file: Path) -> None:
    """This test's own process stands for the later one: it began at another moment than the claim says."""
    claim = {"user": "ana", "host": socket.gethostname(), "pid": os.getpid(), "since": "2026-01-31T10:00:00+00:00"}
    claim_of(file).write_text(json.dumps({**claim, "began": "1"}), "utf-8")
    assert locking.holder(file) is None
    claim_of(file).write_text(json.dumps({**claim, "began": ""}), "utf-8")
    assert locking.holder(file) is not None


GOOD = {"user": "ana", "host": "rpw", "pid": 77, "since": "2026-01-31T10:00:00+00:00", "began": ""}


@pytest.mark.parametrize(
    "claim",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 1900,
        json.dumps(GOOD | {"user": "\x1b[2Jana"}),
        json.dumps(GOOD | {"user": "x" * 65}),
        json.dumps(GOOD | {"host": ["rpw"]}),
        json.dumps(GOOD | {"host": "rpw\nA program is writing"}),
        json.dumps(GOOD | {"pid": 0}),
        json.dumps(GOOD | {"pid": -1}),
        json.dumps(GOOD | {"pid": True}),
        json.dumps(GOOD | {"pid": 2**70}),
        json.dumps(GOOD | {"pid": "77"}),
        json.dumps(GOOD | {"since": "2026-01-31T10:00:00"}),
        json.dumps(GOOD | {"since": 5}),
        json.dumps({key: value for key, value in GOOD.items() if key != "since"}),
        " " * 3000 + json.dumps(GOOD),
    ],
)
def test_a_claim_that_nobody_of_us_wrote_is_not_shown_and_prevents_nothing(file: Path, claim: str) -> None:
    claim_of(file).write_text(claim, "utf-8")
    assert locking.holder(file) is None
    assert "2" not in str(locking._held(file, marked=False)), "neither name, number nor moment"
    stored = store.read(file)
    store.write(file, stored.profile.model_copy(update={"notes": "x"}), stored.digest)
    assert not claim_of(file).exists()


@posix
@pytest.mark.parametrize("what", ["link", "pipe", "folder", "open to all"])
def test_whatever_lies_in_place_of_the_claim_is_not_followed(file: Path, what: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(json.dumps(GOOD), "utf-8")
    claim = claim_of(file)
    if what == "link":
        claim.symlink_to(secret)
    elif what == "pipe":
        os.mkfifo(claim)
    elif what == "folder":
        claim.mkdir()
    else:
        claim.write_text(json.dumps(GOOD), "utf-8")
        claim.chmod(0o666)
    assert (locking.holder(file) is None) == (what != "open to all")
    assert write(file) == "written 2"
    assert secret.read_text("utf-8") == json.dumps(GOOD)


@posix
def test_the_lock_can_be_taken_by_whoever_may_write_into_the_folder(tmp_path: Path) -> None:
    for mode, wanted in ((0o755, 0o644), (0o775, 0o664)):
        folder = tmp_path / oct(mode)
        folder.mkdir()
        folder.chmod(mode)
        before = os.umask(0o077)
        try:
            store.write(folder / "x.yaml", profile_from_text(MINIMAL), None)
        finally:
            os.umask(before)
        assert stat.S_IMODE((folder / ".x.yaml.lock").stat().st_mode) == wanted


# --- other machines, and disks without locks ---------------------------------------------------


@pytest.fixture
def elsewhere() -> list[str]:
    """What a command begins with to run under another name of the machine, in a namespace of its own."""
    if not shutil.which("unshare") or os.geteuid() != 0:
        pytest.skip("another name of the machine needs root and unshare")
    return ["unshare", "--uts", "sh", "-c", 'hostname srv-rpw && exec "$@"', "sh"]


@posix
def test_a_holder_on_another_machine_is_named_with_it(file: Path, elsewhere: list[str]) -> None:
    with holding(file, elsewhere):
        assert " on srv-rpw is writing this profile" in write(file)


@pytest.fixture
def without_locks(file: Path, tmp_path: Path) -> dict[str, str]:
    """Variables under which every disk says of locks what some shares say: that it knows none."""
    compiler = shutil.which("cc")
    if os.name != "posix" or not compiler:
        pytest.skip("a disk without locks is made with a C compiler")
    library = tmp_path / "nolock.so"
    source = "#include <errno.h>\nint flock(int fd, int how) { errno = ENOSYS; return -1; }\n"
    call = [compiler, "-shared", "-fPIC", "-o", str(library), "-xc", "-"]
    subprocess.run(call, input=source, text=True, check=True, timeout=60)
    # Made by this process, for which the disk has locks: there its mere existence means nothing.
    file.with_name(f".{file.name}.lock").unlink()
    return {"LD_PRELOAD": str(library)}


def test_a_disk_without_locks_still_has_one_writer_at_a_time(file: Path, without_locks: dict[str, str]) -> None:
    with holding(file, **without_locks) as other:
        told = write(file, **without_locks)
        assert f"(process {other.pid})" in told
        assert str(file.with_name(".x.yaml.lock")) in told, "it may have to be removed by hand"
    assert write(file, **without_locks) == "written 2"


def test_on_a_disk_without_locks_a_dead_process_of_this_machine_is_taken_over(
    file: Path, without_locks: dict[str, str]
) -> None:
    with holding(file, **without_locks) as other:
        other.kill()
        other.wait()
        assert write(file, 5, **without_locks) == "written 2"


def test_on_a_disk_without_locks_the_dead_of_another_machine_is_named_and_never_taken_over(
    file: Path, without_locks: dict[str, str], elsewhere: list[str]
) -> None:
    lock = file.with_name(".x.yaml.lock")
    with holding(file, elsewhere, **without_locks) as other:
        other.kill()
        other.wait()
        start = time.monotonic()
        told = write(file, 3, **without_locks)
        assert time.monotonic() - start >= 3
        assert " on srv-rpw is writing this profile" in told
        assert f"remove {lock}" in told
        lock.unlink()
        assert write(file, **without_locks) == "written 2"


@posix
def test_a_lock_in_this_process_is_told_too(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LOCK_SECONDS", 0.1)
    stored: Any = store.read(file)
    with locking.locked(file, 1), pytest.raises(ProfileError) as caught:
        store.write(file, stored.profile.model_copy(update={"notes": "x"}), stored.digest)
    assert f"(process {os.getpid()})" in str(caught.value)
