"""Access lists: what is given is what is read back, and the text of Windows says who gets in."""

from __future__ import annotations

import ast
import os
import re
import sys
from pathlib import Path

import pytest

from wizard.secrets import access, windows_api
from wizard.secrets.access import EVERYBODY, descriptor, readers_in

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes are of other systems")
SERVICE = "S-1-5-21-1111111111-2222222222-3333333333-1105"
USERS, EVERYONE = "BU", "WD"


@posix
@pytest.mark.parametrize(
    ("mode", "found"), [(0o600, set()), (0o640, {"@root"}), (0o644, {"@root", "*"}), (0o604, {"*"}), (0o622, set())]
)
def test_the_mode_tells_who_reads(tmp_path: Path, mode: int, found: set[str]) -> None:
    file = tmp_path / "x"
    file.touch()
    if os.geteuid() == 0:
        os.chown(file, 0, 0)
    else:
        found = {one for one in found if one == "*"}
    file.chmod(mode)
    assert access.readers(file) - ({f"@{access._group(file.stat().st_gid)}"} if os.geteuid() else set()) == found


@posix
def test_accounts_are_given_and_taken_away(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.touch(0o666)
    access.give(file, ["nobody", "daemon", "root"])
    assert access.readers(file) == {"nobody", "daemon"} - ({"root"} if os.geteuid() else set())
    access.give(file, ["daemon"])
    assert access.readers(file) == {"daemon"}
    access.give(file, [])
    assert access.readers(file) == frozenset()
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(access.AccountUnknown):
        access.give(file, ["no-such-account"])


class NoneMapped(OSError):
    """What Windows raises for an account that it does not know; seen so under wine."""

    winerror = 1332


@posix
def test_an_account_that_windows_does_not_know_is_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(account: str) -> str:
        raise NoneMapped(22, "No security ID mapped.")

    with pytest.raises(OSError, match="advapi32"):
        access._sid("x")
    monkeypatch.setattr(windows_api, "sid_of", refused)
    with pytest.raises(access.AccountUnknown, match="no-such-account"):
        access._sid("no-such-account")


def test_the_text_for_windows_names_system_administrators_and_the_account_and_takes_nothing_over() -> None:
    assert descriptor([SERVICE]) == f"D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FR;;;{SERVICE})"
    assert descriptor([], inherited=True) == "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (descriptor([]), set()),
        (descriptor([SERVICE]), {SERVICE}),
        (f"D:PAI(A;;FA;;;SY)(A;;FA;;;BA)(A;;0x120089;;;{SERVICE})", {SERVICE}),
        ("D:P(A;;FA;;;S-1-5-18)(A;;FA;;;S-1-5-32-544)", set()),
        (f"D:P(A;;FA;;;SY)(A;;FR;;;{USERS})", {USERS}),
        (f"D:P(A;;FA;;;SY)(A;;FR;;;{EVERYONE})", {EVERYONE}),
        (f"D:P(D;;FA;;;{USERS})(A;;FA;;;SY)", set()),
        (f"D:P(A;OICIIO;FA;;;{USERS})(A;;FA;;;SY)", set()),
        (f"D:P(XA;;FR;;;{USERS};(x))(A;;FA;;;SY)", {USERS}),
        ("D:AI(A;ID;FA;;;SY)(A;ID;FR;;;BU)", {EVERYBODY}),
        ("D:NO_ACCESS_CONTROL", {EVERYBODY}),
        ("", {EVERYBODY}),
    ],
)
def test_the_text_of_windows_tells_who_reads(text: str, found: set[str]) -> None:
    assert readers_in(text) == found


def test_the_account_that_stores_may_be_one_of_the_readers() -> None:
    assert readers_in(descriptor([SERVICE]), SERVICE) == frozenset()


# --- what runs on Windows alone ----------------------------------------------------------------


def test_dpapi_is_called_for_the_machine_without_a_prompt_and_with_entropy() -> None:
    """The calls cannot be made here; their text can be read."""
    source = Path(windows_api.__file__).read_text("utf-8")
    assert windows_api.CRYPTPROTECT_LOCAL_MACHINE == 0x4
    assert windows_api.CRYPTPROTECT_UI_FORBIDDEN == 0x1
    functions = {node.name: ast.unparse(node) for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    assert "CRYPTPROTECT_UI_FORBIDDEN | CRYPTPROTECT_LOCAL_MACHINE" in functions["protect"]
    assert "LOCAL_MACHINE" not in functions["unprotect"]
    assert all("entropy" in functions[name] for name in ("protect", "unprotect"))
    # Every answer of Windows is looked at, but for the calls that only ask for a size, a name or free memory.
    calls = re.findall(r"\.((?:Crypt|Convert|Set|Get|Lookup|Local)\w+)\(", source)
    unchecked = {"GetFileSecurityW", "LookupAccountSidW", "LocalFree"}
    for name in set(calls) - unchecked:
        assert re.search(rf"_need\(\s*[\w.()\"]*\.?{name}\(", source), name


@pytest.mark.skipif(sys.platform == "win32", reason="there the calls work")
def test_elsewhere_the_calls_say_that_they_are_of_windows() -> None:
    for call in (lambda: windows_api.protect(b"x", b"y"), lambda: windows_api.sid_of("x"), windows_api.own_sid):
        with pytest.raises(OSError, match="Windows"):
            call()


def test_a_blob_is_what_windows_expects() -> None:
    blob = windows_api._blob(b"ab\0c")
    assert (blob.size, blob.data[: blob.size]) == (4, b"ab\0c")
