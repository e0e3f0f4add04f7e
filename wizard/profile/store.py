"""Profiles on disk: where they are, reading, and writing that loses nothing."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from gettext import gettext as _
from pathlib import Path

import platformdirs

from wizard.profile import versions
from wizard.profile.atomic import make_folder, remove_leftovers, replace_bytes
from wizard.profile.errors import Problem, ProfileError
from wizard.profile.load import profile_from_text, profile_to_text
from wizard.profile.locking import locked
from wizard.profile.messages import N_
from wizard.profile.models import Profile
from wizard.profile.yaml_text import SIZE_LIMIT, decode

SUFFIX = ".yaml"
CHECKLIST_SUFFIX = ".checklist.yaml"
"""What a person confirmed of a profile stands beside it, under this ending; it is no profile."""
LOCK_SECONDS = 10


@dataclass(frozen=True)
class Stored:
    """A profile as it was read: the model, the text, and the digest that tells later whether the file changed."""

    path: Path
    profile: Profile
    text: str
    digest: str


@dataclass(frozen=True)
class Entry:
    """A file of the profiles folder: read, or with what is wrong with it."""

    path: Path
    stored: Stored | None
    problems: tuple[Problem, ...]


def default_folder() -> Path:
    """APS_PROFILE_DIR, else the machine-wide folder (ProgramData on Windows), which every account can read."""
    override = os.environ.get("APS_PROFILE_DIR")
    if override:
        return Path(override)
    return Path(platformdirs.site_config_dir("aps-wizard", appauthor=False)) / "profiles"


def locate(name: str, folder: Path) -> Path:
    """The file that a person means by a path, a file name or the name of a profile."""
    given = Path(name)
    if given.parent != Path() or given.is_file():
        return given
    # Only the suffix of a profile makes a file name: "Malharia S.A." is the name of a profile.
    return folder / (name if given.suffix.lower() == SUFFIX else file_stem(name) + SUFFIX)


def file_stem(name: str) -> str:
    """A file name that every system takes, out of the name of a profile: "Matriz São Paulo" -> "matriz-sao-paulo"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-") or "perfil"
    # Windows reserves these names whatever the extension.
    return f"perfil-{stem}" if re.fullmatch(r"con|prn|aux|nul|com\d|lpt\d", stem) else stem


def read(path: Path) -> Stored:
    """Read one profile. Raises ProfileError with file, line and path of every problem."""
    text, digest = read_text(path)
    try:
        profile = profile_from_text(text)
    except ProfileError as error:
        raise ProfileError(replace(problem, file=path) for problem in error.problems) from None
    return Stored(path, profile, text, digest)


def read_text(path: Path) -> tuple[str, str]:
    """The text of a file of the profiles folder, and its digest. Raises ProfileError."""
    try:
        refuse_no_file(path)
        with path.open("rb") as file:
            raw = file.read(SIZE_LIMIT + 1)
    except FileNotFoundError:
        message = _("There is no such profile.")
        action = _("The command aps-wizard profile list shows which there are.")
        raise ProfileError([Problem("not_found", message, file=path, action=action)]) from None
    except OSError as error:
        raise ProfileError([io_problem("unreadable", path, error)]) from None
    try:
        return decode(raw), _digest(raw)
    except ProfileError as error:
        raise ProfileError(replace(problem, file=path) for problem in error.problems) from None


def entries(folder: Path) -> list[Entry]:
    """Every profile of a folder by file name, also the ones that cannot be read. A missing folder is empty.

    Raises ProfileError for one that cannot be looked into: whether there are profiles is not known then.
    """
    try:
        _refuse_file_in_the_way(folder)
        # Path.glob passes over in silence what this account may not list.
        inside = sorted(folder.iterdir())
    except FileNotFoundError:
        inside = []
    except OSError as error:
        raise ProfileError([io_problem("unreadable", folder, error)]) from None
    found = []
    for path in inside:
        if not fnmatch(path.name, "*" + SUFFIX) or path.name.endswith(CHECKLIST_SUFFIX):
            continue
        try:
            found.append(Entry(path, read(path), ()))
        except ProfileError as error:
            found.append(Entry(path, None, error.problems))
    return found


def write(path: Path, profile: Profile, expected: str | None, first: Callable[[], None] = lambda: None) -> Stored:
    """Write a profile atomically and keep three former versions beside it; an unchanged one is left alone.

    `expected` is the digest of the file as it was read, None when it must not exist yet. Of a link its target is
    written. `first` is called at the last moment: the new content is on the disk, proved and alone with the lock,
    and the old one still stands; what it raises keeps the old one. Raises ProfileError when the file changed
    meanwhile, another program holds it, or the disk refuses; the old content then still stands.
    """
    text = profile_to_text(profile)

    def means_it(back: str) -> bool:
        return profile_from_text(back) == profile

    return Stored(path, profile, text, write_text(path, text, expected, means_it, first))


def write_text(
    path: Path,
    text: str,
    expected: str | None,
    proves: Callable[[str], bool],
    first: Callable[[], None] = lambda: None,
) -> str:
    """Write a file of the profiles folder as `write` does, and give its digest.

    `proves` gets the text that was read back from the disk and says whether it means what was to be written.
    """
    data = text.encode()
    with _alone_with(path) as (file, before):
        _refuse_changed(before, expected)
        _put(file, before, data, proves, first)
    return _digest(data)


def restore(path: Path, number: int, proves: Callable[[str], bool], expected: str | None = None) -> str:
    """Put a former version back, byte by byte, also over a file that cannot be read any more; gives its digest.

    What stood there is kept as the last version. `expected` is the digest of the version as it was shown, None for
    whatever has the number now. `proves` raises ProfileError for a version that is none. Raises
    ProfileError; the present content then still stands.
    """
    with _alone_with(path) as (file, before):
        version = versions.file_of(file, number)
        if not 1 <= number <= versions.KEPT or not version.is_file():
            message = _("There is no former version {number} of this file.").format(number=number)
            action = _("The option --list shows which there are.")
            raise ProfileError([Problem("no_version", message, action=action)])
        data = version.read_bytes()
        if expected is not None and _digest(data) != expected:
            message = _("The file was changed or removed by another program since it was opened.")
            action = _("Look at the former versions again.")
            raise ProfileError([Problem("changed_meanwhile", message, action=action)])
        try:
            _prove(data, proves)
        except ProfileError as error:
            raise ProfileError(replace(problem, file=version) for problem in error.problems) from None
        _put(file, before, data, proves)
    return _digest(data)


def former(path: Path) -> tuple[versions.Version, ...]:
    """The former versions of a file that there are, the last one first. Raises ProfileError."""
    try:
        return versions.versions(_target(path))
    except OSError as error:
        raise ProfileError([io_problem("unreadable", path, error)]) from None


@contextmanager
def _alone_with(path: Path) -> Iterator[tuple[Path, bytes | None]]:
    """The file that a path leads to and its content, None without one, while nobody else writes it."""
    try:
        file = _target(path)
        make_folder(file.parent)
        with locked(file, LOCK_SECONDS):
            remove_leftovers(file)
            refuse_no_file(file)
            yield file, file.read_bytes() if file.exists() else None
    except OSError as error:
        raise ProfileError([io_problem("unwritable", path, error)]) from None
    except ProfileError as error:
        raise ProfileError(replace(problem, file=problem.file or path) for problem in error.problems) from None


def _target(path: Path) -> Path:
    """The file itself, where the path is a link to it. Raises OSError for a link that leads to itself."""
    if not path.is_symlink():
        return path
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return target


def _put(
    file: Path,
    before: bytes | None,
    data: bytes,
    proves: Callable[[str], bool],
    first: Callable[[], None] = lambda: None,
) -> None:
    if before == data:
        first()
        return
    if before is not None:
        versions.keep(file, before)

    def ready(back: bytes) -> None:
        _prove(back, proves)
        first()

    replace_bytes(file, data, ready)


def digest_of(path: Path) -> str:
    """What tells later whether a file changed. Raises OSError and ProfileError."""
    refuse_no_file(path)
    return _digest(path.read_bytes())


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _prove(written: bytes, proves: Callable[[str], bool]) -> None:
    if not proves(decode(written)):
        message = _("The profile read back from the disk is not the one that was written.")
        raise ProfileError([Problem("read_back_differs", message)])


def _refuse_changed(before: bytes | None, expected: str | None) -> None:
    if before is not None and expected is None:
        message = _("A profile with this file name exists already.")
        action = _("Open it, or choose another name.")
        raise ProfileError([Problem("exists", message, action=action)])
    if expected is not None and (before is None or _digest(before) != expected):
        message = _("The file was changed or removed by another program since it was opened.")
        action = _("Open it again and repeat the change.")
        raise ProfileError([Problem("changed_meanwhile", message, action=action)])


def _refuse_file_in_the_way(folder: Path) -> None:
    """Raise OSError where a file stands in the place of a folder, as POSIX does: Windows says it is not there."""
    there = next((place for place in (folder, *folder.parents) if place.exists()), None)
    if there is not None and not there.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))


def refuse_no_file(path: Path) -> None:
    """Raise OSError for a folder, as POSIX does - Windows calls it a missing permission - and ProfileError for a pipe
    or a device, which would be waited for without end."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if path.exists() and not path.is_file():
        raise ProfileError([Problem("unreadable", _("This is no file."), file=path)])


_FULL = (N_("The disk is full."), N_("Free some space and try again."))
_CLOSED = (
    N_("This account may not use this file or its folder."),
    N_("Have the permissions corrected, or choose another folder."),
)

_HELD = (
    N_("Another program holds the file, such as a virus scanner, a backup or an editor."),
    N_("Close it there, or wait a moment, and try again."),
)

_LOOK = N_("Check the path.")
_IN_THE_WAY = (N_("There is a file where a folder is needed."), _LOOK)

_REASONS: Mapping[int, tuple[str, str]] = {
    errno.EBUSY: _HELD,
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EACCES: _CLOSED,
    errno.EPERM: _CLOSED,
    errno.EROFS: (N_("The folder can only be read."), N_("Choose another folder, or have it opened for writing.")),
    errno.ENOENT: (N_("There is no such file or folder."), _LOOK),
    errno.EISDIR: (N_("This is a folder, not a file."), N_("Name a file.")),
    errno.ENOTDIR: _IN_THE_WAY,
    errno.EEXIST: _IN_THE_WAY,
    errno.ELOOP: (N_("The link leads to itself."), _LOOK),
    errno.ENAMETOOLONG: (N_("The name is too long."), N_("Choose a shorter one.")),
}
"""What the system refuses, by its number; what it says of other numbers is shown as it is."""

_SHARING = frozenset({32, 33})
"""Windows: a sharing or a lock violation, which its C library calls a missing permission."""


def io_problem(code: str, path: Path | None, error: OSError) -> Problem:
    """What the system refused, in words with what to do about it; without a path for the standard streams."""
    held = getattr(error, "winerror", None) in _SHARING
    known = _HELD if held else _REASONS.get(error.errno or 0)
    if known:
        return Problem(code, _(known[0]), file=path, action=_(known[1]))
    action = _("Check the path, the permissions and the free space.")
    reason = error.strerror or str(error) or type(error).__name__
    return Problem(code, reason.rstrip(".") + ".", file=path, action=action)
