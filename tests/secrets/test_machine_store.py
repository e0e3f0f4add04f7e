"""The machine store: sealed, closed to others, told when something is wrong, and whole whatever dies."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from wizard.secrets import access, machine_store, references
from wizard.secrets.references import SecretError, delete, let_in, read, store

FIELD = "database.password"
SECRET = "canary-senha; çã€ '\"}{"

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes and key files are of other systems")


@pytest.fixture
def file(home: Path) -> Path:
    return machine_store.file_for(home / "profiles" / "matriz.yaml", FIELD)


@pytest.fixture
def closed(tmp_path: Path) -> None:
    """Only where a disk keeps access lists: that of wine does not, and the store refuses to keep a secret there."""
    probe = tmp_path / "probe"
    probe.touch()
    access.give(probe, [])
    if access.readers(probe):
        pytest.skip("this disk keeps no access lists")


@pytest.fixture
def reference(file: Path) -> str:
    return f"dpapi:{file}"


def code(attempt: object, *arguments: object) -> str:
    with pytest.raises(SecretError) as caught:
        attempt(*arguments)  # type: ignore[operator]
    problem = caught.value.problem
    assert SECRET not in str(problem)
    assert problem.action
    assert problem.path == FIELD
    return problem.code


@pytest.mark.usefixtures("closed")
def test_what_is_stored_is_read_back_until_it_is_deleted(reference: str) -> None:
    store(reference, FIELD, SECRET)
    assert read(reference, FIELD) == references.fetch(reference, FIELD) == SECRET
    store(reference, FIELD, "another")
    assert read(reference, FIELD) == "another"
    delete(reference, FIELD)
    assert code(read, reference, FIELD) == "secret.not_found"
    delete(reference, FIELD)


@pytest.mark.usefixtures("closed")
def test_the_name_alone_means_the_folder_of_this_machine(reference: str, file: Path) -> None:
    store(reference, FIELD, SECRET)
    assert read(f"dpapi:{file.name}", FIELD) == SECRET


@posix
def test_neither_file_holds_the_secret_and_both_are_the_owners_alone(reference: str, file: Path, home: Path) -> None:
    before = os.umask(0)
    try:
        store(reference, FIELD, SECRET)
    finally:
        os.umask(before)
    key = home / machine_store.KEY
    for path in (file, key):
        assert SECRET.encode() not in path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert access.readers(path) == frozenset()
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o711
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name]
    assert key.parent != file.parent


@posix
def test_the_same_secret_is_sealed_differently_each_time_with_one_key(reference: str, file: Path, home: Path) -> None:
    store(reference, FIELD, SECRET)
    first, key = json.loads(file.read_text()), (home / machine_store.KEY).read_bytes()
    store(reference, FIELD, SECRET)
    assert json.loads(file.read_text())["sealed"] != first["sealed"]
    assert (home / machine_store.KEY).read_bytes() == key


@posix
def test_a_file_from_another_machine_or_field_or_one_that_was_changed_is_not_opened(
    reference: str, file: Path, home: Path
) -> None:
    store(reference, FIELD, SECRET)
    other = file.with_name("matriz.webservice.password.sealed")
    other.write_bytes(file.read_bytes())
    assert code(read, f"dpapi:{other}", FIELD) == "secret.not_opened"
    content = json.loads(file.read_text())
    sealed = content["sealed"]
    changed = sealed[:20] + ("B" if sealed[20] == "A" else "A") + sealed[21:]
    file.write_text(json.dumps({**content, "sealed": changed}))
    assert code(read, reference, FIELD) == "secret.not_opened"
    store(reference, FIELD, SECRET)
    key = home / machine_store.KEY
    key.write_bytes(bytes(32))
    assert code(read, reference, FIELD) == "secret.not_opened"
    key.unlink()
    assert code(read, reference, FIELD) == "secret.key_missing"


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"x", b"\xff", b'{"format": 1, "sealed": 1}', b"null"])
def test_a_damaged_file_is_told(reference: str, file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    assert code(read, reference, FIELD) == "secret.damaged"


@posix
def test_a_folder_in_place_of_the_file_is_told(reference: str, file: Path) -> None:
    file.mkdir(parents=True)
    assert code(read, reference, FIELD) == "secret.store_refused"
    assert code(store, reference, FIELD, SECRET) == "secret.store_refused"


@posix
def test_a_file_that_is_none_of_the_store_is_never_removed_nor_opened_to_others(reference: str, home: Path) -> None:
    other = home / "precious.txt"
    other.write_text("hi", "utf-8")
    assert code(delete, f"dpapi:{other}", FIELD) == "secret.damaged"
    assert other.read_text("utf-8") == "hi"
    delete(f"dpapi:{home / 'nothing.txt'}", FIELD)
    store(reference, FIELD, SECRET)
    sealed = Path(reference.removeprefix("dpapi:"))
    other.chmod(0o600)
    sealed.write_text(json.dumps({**json.loads(sealed.read_bytes()), "key": str(other)}), "utf-8")
    let_in(reference, FIELD, "nobody")
    assert access.readers(other) == frozenset()


@posix
def test_an_account_that_the_machine_does_not_know_is_told_and_nothing_is_written(reference: str, file: Path) -> None:
    assert code(store, reference, FIELD, SECRET, "no-such-account") == "secret.account_unknown"
    assert not file.exists()
    store(reference, FIELD, SECRET)
    assert code(let_in, reference, FIELD, "no-such-account") == "secret.account_unknown"
    assert read(reference, FIELD) == SECRET


@posix
@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="no second file system")
def test_a_disk_without_access_lists_is_told_when_another_account_is_to_read(home: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("mounting needs root")
    place = home / "disk"
    place.mkdir()
    # ramfs keeps no access lists.
    if subprocess.run(["mount", "-t", "ramfs", "none", place], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let root mount")
    try:
        reference = f"dpapi:{place / 'x.sealed'}"
        assert code(store, reference, FIELD, SECRET, "nobody") == "secret.no_access_lists"
        assert list(place.iterdir()) == []
        store(reference, FIELD, SECRET)
        assert stat.S_IMODE((place / "x.sealed").stat().st_mode) == 0o600
    finally:
        subprocess.run(["umount", place], check=True)


@posix
@pytest.mark.parametrize("mode", [0o644, 0o640])
@pytest.mark.parametrize("which", ["sealed", "key"])
def test_a_file_or_key_that_others_read_is_a_finding_and_storing_again_closes_it(
    reference: str, file: Path, home: Path, mode: int, which: str
) -> None:
    store(reference, FIELD, SECRET)
    opened = file if which == "sealed" else home / machine_store.KEY
    assert machine_store.exposed(str(file), FIELD, None) is None
    opened.chmod(mode)
    problem = machine_store.exposed(str(file), FIELD, None)
    assert problem is not None
    assert (problem.code, str(opened) in problem.message) == ("secret.exposed", True)
    store(reference, FIELD, SECRET)
    assert machine_store.exposed(str(file), FIELD, None) is None


@posix
def test_only_the_accounts_named_last_are_let_in(reference: str, file: Path) -> None:
    store(reference, FIELD, SECRET, "nobody")
    assert access.readers(file) == {"nobody"}
    let_in(reference, FIELD, None)
    assert access.readers(file) == frozenset()
    let_in(reference, FIELD, "nobody")
    assert access.readers(file) == {"nobody"}


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="being another account needs root")
def test_a_folder_that_this_account_may_not_enter_is_told(reference: str, file: Path) -> None:
    store(reference, FIELD, SECRET)
    closed = file.parent
    closed.chmod(0o700)
    os.seteuid(65534)
    try:
        assert code(read, reference, FIELD) == "secret.not_permitted"
        assert code(let_in, reference, FIELD, "nobody") == "secret.not_permitted"
        assert code(machine_store.give_back, str(file), FIELD, frozenset()) == "secret.not_permitted"
    finally:
        os.seteuid(0)


@posix
def test_two_programs_that_make_the_key_at_once_use_the_same(home: Path) -> None:
    script = (
        "import sys; from wizard.secrets.references import store;"
        "sys.stdin.readline(); store(sys.argv[1], 'a.b', sys.argv[2]); print('done')"
    )
    files = [home / "profiles" / f"{number}.sealed" for number in range(4)]
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script, f"dpapi:{file}", file.stem],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for file in files
    ]  # fmt: skip
    assert [process.communicate("go\n", timeout=60)[0] for process in started] == ["done\n"] * 4
    assert [read(f"dpapi:{file}", FIELD) for file in files] == ["0", "1", "2", "3"]
    assert sorted(path.name for path in home.iterdir() if "key" in path.name) == [machine_store.KEY]


WRITER = """
import sys
from wizard.secrets.references import store
number = 0
while True:
    number += 1
    store(sys.argv[1], "a.b", f"{number}-" + "x" * 2000)
    print(number, flush=True)
"""


@posix
def test_a_writer_that_is_killed_leaves_the_last_secret_or_the_next(reference: str, file: Path) -> None:
    """Ten moments here; the soak has a thousand."""
    store(reference, FIELD, "0-")
    for attempt in range(10):
        process = subprocess.Popen([sys.executable, "-c", WRITER, reference], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.003 * attempt)
        process.send_signal(signal.SIGKILL)
        told = [1, *(int(line) for line in process.stdout.read().split())]
        process.stdout.close()
        process.wait()
        assert int(read(reference, FIELD).partition("-")[0]) in (told[-1], told[-1] + 1)
    store(reference, FIELD, SECRET)
    assert [path.name for path in file.parent.iterdir()] == [file.name]
