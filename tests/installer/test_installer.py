"""The installer as a whole: built, installed in silence on a Windows of wine, run, upgraded, removed."""

from __future__ import annotations

import json
import re
import shutil
import struct
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from installer import build as building
from installer import msi, nsis, portable, sources
from tests.installer import suite
from tests.installer.conftest import CACHE, Build, Windows
from tests.installer.machine import PROGRAM
from tests.patience import PATIENCE
from tests.small_disk import small_disk
from wizard import __version__
from wizard.flow.steps import IDS

pytestmark = pytest.mark.timeout(600)

DATA = "ProgramData/aps-wizard"
LARGE = re.compile(
    "/site-packages/(PySide6|alembic|arrow_odbc|cryptography|lxml|markdown_it|oracledb|pyarrow|pydantic|pydantic_core"
    "|pygments|rich|sqlalchemy|zeep)/"
)
OWN, UNINSTALL = r"Software\aps-wizard", r"Software\Microsoft\Windows\CurrentVersion\Uninstall\aps-wizard"


# --- the build ---------------------------------------------------------------------------------


def test_the_manifest_names_every_file_of_the_build_and_nothing_else(build: Build) -> None:
    there = {file.relative_to(build.built.stage).as_posix() for file in build.built.stage.rglob("*") if file.is_file()}
    assert there == set(build.listed) | {"manifest.json"}
    assert all(sources.sha256((build.built.stage / path).read_bytes()) == hash_ for path, hash_ in build.listed.items())
    assert build.manifest["version"] == __version__
    assert all(file["version"] and file["component"] for file in build.manifest["files"])


def test_the_bill_of_materials_has_every_pin_with_its_hash(build: Build) -> None:
    bill = json.loads((build.built.stage / "sbom.cdx.json").read_text(encoding="utf-8"))
    found = {sources.normalised(one["name"]): one for one in bill["components"]}
    assert bill["bomFormat"] == "CycloneDX"
    assert found.pop("cpython")["version"] == "3.11.9"
    assert {name: one["version"] for name, one in found.items()} == {pin.name: pin.version for pin in sources.pins()}
    for pin in sources.pins():
        assert found[pin.name]["hashes"][0]["content"] in pin.hashes


def test_every_component_has_a_licence_text_or_is_named_without(build: Build) -> None:
    folder = build.built.stage / "licences"
    overview = (folder / "THIRD-PARTY.txt").read_text(encoding="utf-8")
    for pin in sources.pins():
        name = next(line for line in overview.splitlines() if sources.normalised(line.split(" ")[0]) == pin.name)
        texts = [
            one
            for one in folder.iterdir()
            if sources.normalised(one.name) == f"{pin.name}-{pin.version}".replace(".", "-")
        ]
        assert texts or "no text of its licence" in name
    assert (folder / "CPython-3.11.9" / "LICENSE.txt").exists()
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in next(folder.glob("PySide6*/LGPL-3.0.txt")).read_text()


def test_the_same_source_gives_the_same_installer(build: Build, python: sources.Python, tmp_path: Path) -> None:
    """The folder with all its bytecode and programs; and what NSIS makes of one, tried on the small older release."""
    (tmp_path / "work").mkdir()
    building.fill(tmp_path / "stage", tmp_path / "work", CACHE, python, building.source_date())
    assert (tmp_path / "stage/manifest.json").read_bytes() == build.built.manifest.read_bytes()
    again = replace(build.older, target=tmp_path / "again-setup.exe")
    nsis.compile_installer(again, tmp_path / "work")
    assert again.target.read_bytes() == build.older.target.read_bytes()


def test_the_zip_holds_the_same_files_and_runs_where_it_is_unpacked(
    build: Build, windows: Windows, tmp_path: Path
) -> None:
    with zipfile.ZipFile(build.built.portable) as zipped:
        assert zipped.testzip() is None
        assert {name.partition("/")[2] for name in zipped.namelist()} == {*build.listed, "manifest.json"}
        zipped.extractall(windows.machine.drive)
    folder = windows.machine.drive / "aps-wizard"
    try:
        # Its log elsewhere: the folders of the machine are the installer's to make.
        program, logs = r"C:\aps-wizard\aps-wizard-cli.exe", r"C:\aps-wizard\logs"
        done = windows.machine.run(program, "grades", "capacity", "--size", "4", APS_LOG_DIR=logs)
        assert done.code == 0, done.out
        assert "27,233" in done.out
    finally:
        shutil.rmtree(folder)
    paths, packed = ("manifest.json", "sbom.cdx.json"), []
    for quick in (False, False, True):
        portable.pack(build.built.stage, paths, tmp_path / "made.zip", building.source_date(), quick=quick)
        packed.append((tmp_path / "made.zip").read_bytes())
    assert packed[0] == packed[1]
    assert len(packed[2]) > len(packed[0]), "packed more weakly, for that in a fraction of the time"


def test_the_installer_stays_small(build: Build) -> None:
    assert build.built.installer.stat().st_size <= 80e6


# --- installed ---------------------------------------------------------------------------------


def test_installed_are_the_files_of_the_manifest(windows: Windows) -> None:
    installed = _installed_files(windows.installed())
    extra = {name: hash_ for name, hash_ in installed.items() if windows.build.listed.get(name) != hash_}
    assert set(extra) == {"manifest.json", "uninstall.exe"}
    assert set(windows.build.listed) <= set(installed)


def test_windows_is_told_of_it(windows: Windows) -> None:
    registry = windows.installed().machine.registry("HKEY_LOCAL_MACHINE")

    def value(key: str, name: str) -> str:
        found = registry[f'[HKEY_LOCAL_MACHINE\\{key}] "{name}"'.lower()]
        return found.strip('"').replace("\\\\", "\\").replace('\\"', '"')

    assert value(OWN, "InstallDir") == PROGRAM
    assert value(UNINSTALL, "DisplayVersion") == __version__
    assert value(UNINSTALL, "QuietUninstallString") == f'"{PROGRAM}\\uninstall.exe" /S'
    command = registry["[hkey_local_machine\\software\\classes\\aps-wizard.profile\\shell\\open\\command] @"]
    assert command == r'"\"C:\\Program Files\\aps-wizard\\aps-wizard.exe\" --profile \"%1\""'
    events = r"SYSTEM\CurrentControlSet\Services\EventLog\Application\aps-engine"
    assert value(events, "TypesSupported") == "dword:00000007"
    menu = windows.machine.drive / "ProgramData/Microsoft/Windows/Start Menu/Programs/aps-wizard"
    links = sorted(menu.iterdir())
    assert len(links) == 3
    # Paths stand in links in one byte or in two for a character.
    started = [re.findall(rb"aps-wizard(?:-cli)?\.exe", link.read_bytes().replace(b"\0", b"")) for link in links]
    assert all(started), dict(zip(links, started, strict=True))


def test_the_folders_of_the_machine_are_closed(windows: Windows) -> None:
    """Read back from Windows' own call. Wine keeps no list of Windows: it shows what it made of it."""
    code = (
        "from pathlib import Path\nfrom wizard.secrets import windows_api\n"
        "for name in ('', 'profiles', 'Logs'):\n"
        "    print(windows_api.access_of(Path(r'C:\\ProgramData\\aps-wizard') / name))\n"
    )
    lists = windows.installed().python(code).out.split()
    assert len(lists) == 3
    for text in lists:
        assert "WD" not in text
        assert ";;;SY)" in text or ";;;BA)" in text


def test_the_command_line_answers(windows: Windows) -> None:
    done = windows.installed().cli("--version")
    assert (done.code, done.out) == (0, f"aps-wizard {__version__}\n")


def test_arguments_and_exit_codes_go_through_the_launcher(windows: Windows) -> None:
    name = 'Olá "mundo" \\ C:\\pasta com espaço\\'
    done = windows.installed().cli("profile", "show", name, "--profiles-dir", "C:\\sem nada")
    assert done.code == 2
    assert "mundo" in done.out


def test_the_demo_passes_and_every_page_has_its_picture(windows: Windows) -> None:
    """In Portuguese, in a folder as people name them, with the pictures that the installed program takes."""
    demo = windows.installed().cli("demo", "--dir", r"C:\demo são joão", APS_LANG="pt_BR")
    assert "Todas as verificações obrigatórias passaram." in demo.out, demo.out
    assert demo.code == 0
    assert not [line for line in demo.out.splitlines() if line.startswith((" X", " !"))]

    pictures = sorted((windows.machine.drive / "demo são joão" / "pictures").iterdir())
    assert [picture.stem[3:] for picture in pictures] == list(IDS), demo.out
    for picture in pictures:
        data = picture.read_bytes()
        assert struct.unpack(">II", data[16:24]) == (1024, 768)
        # An empty window of this size takes 8 kB; letters with smooth edges bring the rest.
        assert len(data) > 18_000, picture.name
    # Nothing was written beside the program, and none of it was changed.
    assert _installed_files(windows) == windows.expected_files()


def test_check_proves_the_profile_of_the_demo_and_tells_by_its_exit_code(windows: Windows) -> None:
    profile = _demo_profile(windows)
    good = windows.cli("check", profile, "--only", "database.login", "grades.sizes", "--json")
    assert (good.code, json.loads(good.out)["status"]) == (0, "ok"), good.out
    # The demo's web service went with the demo.
    bad = windows.cli("check", profile, "--only", "webservice.port")
    assert (bad.code, " X  Web service: port" in bad.out) == (1, True), bad.out


def test_a_console_of_another_code_page_gets_every_line(windows: Windows) -> None:
    """What it cannot show is replaced; nothing ends in an error. Marks are of ASCII."""
    profile = _demo_profile(windows)
    for page in ("cp850", "cp1252"):
        code = (
            "import sys\n"
            f"sys.stdout.reconfigure(encoding='{page}')\n"
            "from wizard.cli import run\n"
            f"sys.exit(run(['check', r'{profile}', '--only', 'database.charset']))\n"
        )
        done = windows.python(code, APS_LANG="pt_BR")
        assert done.code == 0, done.out
        assert re.search(r"^OK +.*Costura em m.quina overloque", done.out, re.MULTILINE), done.out


def test_started_without_a_console_the_program_still_works(windows: Windows) -> None:
    """As from an icon or a task: pythonw.exe has no streams then. The code is what is left to tell."""
    code = (
        "import ctypes, subprocess, sys\n"
        "for stream in (-10, -11, -12):\n"
        "    ctypes.windll.kernel32.SetStdHandle(stream, None)\n"
        "codes = []\n"
        "for words in ('--version', 'profile list', 'check nowhere', 'secret set nowhere x.y'):\n"
        f"    words = [r'{PROGRAM}\\aps-wizard.exe', *words.split()]\n"
        "    codes.append(subprocess.Popen(words, creationflags=subprocess.DETACHED_PROCESS).wait(100))\n"
        "open(r'C:\\codes.txt', 'w').write(repr(codes))\n"
    )
    windows.installed().python(code)
    codes = windows.machine.drive / "codes.txt"
    assert codes.read_text() == "[0, 0, 2, 2]"
    codes.unlink()


def test_profiles_in_a_very_long_path_are_made_listed_and_read(windows: Windows) -> None:
    folder = "C:\\" + "\\".join(["pasta de perfis ção " + "x" * 60] * 4)
    assert len(folder) > 300
    windows.installed()
    answers = "company.logix=01 company.site=01 database.kind=sqlite database.file=x.sqlite webservice.url=http://h/ws"
    words = [*answers.split(), "environment=test"]
    try:
        made = windows.cli("profile", "new", "Açaí", *words, "--profiles-dir", folder)
        assert made.code == 0, made.out
        assert "acai.yaml" in windows.cli("profile", "list", "--profiles-dir", folder).out
        assert windows.cli("profile", "validate", "Açaí", "--profiles-dir", folder).code == 0
    finally:
        shutil.rmtree(windows.machine.path(folder.partition("\\pasta")[0] + "\\" + folder.split("\\")[1]))


def test_every_module_of_the_program_can_be_imported(windows: Windows) -> None:
    code = (
        "import importlib, pkgutil, sys, wizard\n"
        "for found in pkgutil.walk_packages(wizard.__path__, 'wizard.'):\n"
        "    if not found.name.endswith('__main__') and '.migrations.' not in found.name:\n"
        "        importlib.import_module(found.name)\n"
        "for name in 'pyodbc oracledb arrow_odbc pyarrow.compute keyring.backends.Windows zeep lxml.etree'.split():\n"
        "    importlib.import_module(name)\n"
        "print('all', sys.flags.isolated)\n"
    )
    done = windows.installed().python(code)
    assert done.out.splitlines()[-1] == "all 1", done.out


def test_another_python_cannot_lend_its_packages(windows: Windows) -> None:
    windows.installed()
    users = next(path for path in (windows.machine.drive / "users").iterdir() if path.name != "Public")
    places = (windows.machine.drive / "foreign", users / "AppData/Roaming/Python/Python311/site-packages")
    try:
        for place in places:
            place.mkdir(parents=True)
            for name in ("typer", "sitecustomize", "usercustomize"):
                (place / f"{name}.py").write_text("print('foreign')\nraise SystemExit(99)\n")
        done = windows.cli("profile", "list", PYTHONPATH=r"C:\foreign", PYTHONHOME=r"C:\foreign", PYTHONSTARTUP="x")
        assert (done.code, "foreign" in done.out) == (0, False), done.out
    finally:
        for place in places:
            for file in place.iterdir():
                file.unlink()
            place.rmdir()


def test_a_real_query_goes_through_odbc(windows: Windows) -> None:
    """Wine hands over to the driver manager of this system, and that to its driver for SQLite."""
    code = (
        "import pyodbc\n"
        "connection = pyodbc.connect('Driver=SQLite3;Database=:memory:')\n"
        "print(connection.execute('select ? || ?', 'ação ', 'ok').fetchone()[0].encode())\n"
    )
    assert "b'a\\xc3\\xa7\\xc3\\xa3o ok'" in windows.installed().python(code).out


def test_data_sources_come_from_the_registry_and_go_there_by_the_set_up_of_the_driver(windows: Windows) -> None:
    """SQLConfigDataSourceW of wine calls the driver's ConfigDSNW as Windows does. Two things differ: wine puts the list
    into the system's part whatever is asked for, and keywords into the user's; so only the names are compared.
    """
    machine = windows.installed().machine
    library = machine.drive / "odbc" / "setup.dll"
    library.parent.mkdir()
    source = Path(__file__).parent / "shims" / "odbc_setup" / "setup.c"
    command = ["x86_64-w64-mingw32-gcc", "-shared", "-Os", "-s", "-o", str(library), str(source), "-lodbccp32"]
    subprocess.run(command, check=True)
    key, sources = r"HKLM\Software\ODBC\ODBCINST.INI", r"Software\ODBC\ODBC.INI"
    entries = [
        (key + r"\ODBC Drivers", "Driver of the test", "Installed", "/reg:64"),
        (key + r"\Driver of the test", "Driver", r"C:\odbc\setup.dll", "/reg:64"),
        (key + r"\Driver of the test", "Setup", r"C:\odbc\setup.dll", "/reg:64"),
        (rf"HKLM\{sources}\ODBC Data Sources", "OLD32", "Driver of 32 bit", "/reg:32"),
        (rf"HKCU\{sources}\ODBC Data Sources", "MINE", "Driver of the test", "/reg:64"),
        (rf"HKCU\{sources}\MINE", "Driver", r"C:\odbc\setup.dll", "/reg:64"),
        (rf"HKCU\{sources}\MINE", "Server", "srvlogix", "/reg:64"),
    ]
    for place, name, value, view in entries:
        assert machine.run("reg", "add", place, "/v", name, "/d", value, view, "/f").code == 0

    assert windows.cli("dsn", "create", "LOGIX", "--driver", "Driver of the test").code == 0
    assert machine.value(rf"HKCU\{sources}\LOGIX", "MadeBy") == "the set-up of the driver"
    told = json.loads(windows.cli("dsn", "list", "--json").out)
    found = {(one["name"], one["scope"], one["bits"]): one for one in told["sources"]}
    assert set(found) == {("LOGIX", "system", 64), ("OLD32", "system", 32), ("MINE", "user", 64)}
    assert found["MINE", "user", 64]["server"] == "srvlogix"
    assert "odbc.other_bitness" in json.dumps(found["OLD32", "system", 32])
    assert [driver["name"] for driver in told["drivers"]] == ["Driver of the test"]

    assert windows.cli("dsn", "delete", "LOGIX").code == 0
    assert "LOGIX" not in windows.cli("dsn", "list").out
    shutil.rmtree(library.parent)


def test_a_password_goes_into_credential_manager_and_out_again(windows: Windows) -> None:
    profile = _demo_profile(windows)
    windows.stored(profile, "keyring", "senha çã€ 1")
    told = json.loads(windows.cli("secret", "status", profile, "--json").out)["secrets"]
    assert [(one["path"], one["readable"]) for one in told] == [("webservice.password", True)]
    code = f"from wizard.secrets import references\nprint(ascii(references.read({told[0]['reference']!r}, 'x')))\n"
    assert windows.python(code).out.strip() == ascii("senha çã€ 1")
    deleted = windows.cli("secret", "delete", profile, "webservice.password")
    assert deleted.code == 0, deleted.out
    assert "secret.not_found" in windows.python(code.replace("print", "try: print") + _TELL).out


def test_what_dpapi_seals_is_opened_on_this_machine_and_only_under_its_name(windows: Windows) -> None:
    code = (
        "from pathlib import Path\n"
        "from wizard.secrets import access, windows_api\n"
        "sealed = windows_api.protect('senha çã€'.encode(), b'name')\n"
        "print(b'senha' in sealed, ascii(windows_api.unprotect(sealed, b'name').decode()))\n"
        "try:\n    windows_api.unprotect(sealed, b'another')\nexcept OSError as error:\n    print('refused')\n"
        "file = Path(r'C:\\sealed.txt')\n"
        "file.touch()\n"
        "before = windows_api.access_of(file)\n"
        "access.give(file, [])\n"
        "after = windows_api.access_of(file)\n"
        "print('WD' in before, 'WD' in after, windows_api.name_of('S-1-5-32-544') != 'S-1-5-32-544')\n"
        "print(windows_api.sid_of(windows_api.own_name()) == windows_api.own_sid() != '')\n"
        "file.unlink()\n"
    )
    assert windows.installed().python(code).out.splitlines() == [
        f"False {'senha çã€'!a}",
        "refused",
        "True False True",
        "True",
    ]


def test_a_disk_that_keeps_no_access_lists_gets_no_password(windows: Windows) -> None:
    """As that of wine, which makes modes of Unix out of them: the machine store refuses, and leaves nothing there."""
    profile = _demo_profile(windows)
    before = windows.machine.path(profile).read_bytes()
    refused = windows.stored(profile, "dpapi", "senha çã€ 2", code=1)
    assert "can be read by more accounts" in refused.out
    assert "senha" not in refused.out
    assert windows.machine.path(profile).read_bytes() == before
    assert not list((windows.machine.path(profile).parent / "secrets").iterdir())
    assert windows.cli("secret", "status", profile).out == "This profile needs no password.\n"


def test_tests_of_the_suite_pass_with_the_installed_python(windows: Windows) -> None:
    suite.put(windows.installed().machine, CACHE)
    done = suite.run(windows.machine, *suite.FILES)
    assert done.code == 0, done.out
    assert int(re.findall(r"(\d+) passed", done.out)[-1]) > 250, done.out
    shutil.rmtree(windows.machine.drive / "suite")


# --- the MSI -----------------------------------------------------------------------------------


def test_the_msi_replaces_an_older_one_runs_and_takes_its_files_along(windows: Windows, tmp_path: Path) -> None:
    """Without the larger packages, for the sake of time."""
    if lacking := [tool for tool in msi.TOOLS if not shutil.which(tool)]:
        pytest.skip(f"Debian packages that make an MSI are missing: {lacking}")
    paths = tuple(path for path in windows.build.listed if not LARGE.search(path))
    (tmp_path / "work").mkdir()
    database = building.add_msi(tmp_path, windows.build.built.stage, (*paths, "manifest.json"), building.source_date())
    shutil.copy(database, windows.machine.drive / "wizard.msi")
    older = windows.build.older
    for name, version in (("old.msi", older.version), ("oldest.msi", "0.0.0")):
        file = windows.machine.drive / name
        msi.compile_msi(msi.Job(file, older.stage, older.paths, version, name, older.epoch), tmp_path)
    try:
        # Beside the one of setup.exe it would be two programs that own the same files.
        assert windows.installed().machine.run("msiexec", "/i", r"C:\wizard.msi", "/qn").code != 0
        assert windows.removed("/PURGE").code == 0
        before = windows.machine.files().keys()

        assert windows.machine.run("msiexec", "/i", r"C:\old.msi", "/qn").code == 0
        assert (windows.program / "examples/gone.yaml").exists()
        assert windows.machine.run("msiexec", "/i", r"C:\oldest.msi", "/qn").code != 0
        assert windows.machine.run("msiexec", "/i", r"C:\wizard.msi", "/qn").code == 0
        expected = {path: windows.build.listed[path] for path in paths}
        found = _installed_files(windows)
        assert found.pop("manifest.json") == sources.sha256(windows.build.built.manifest.read_bytes())
        assert found == expected
        assert windows.machine.path(r"C:\ProgramData\aps-wizard\profiles").is_dir()
        assert windows.machine.value(r"HKLM\Software\aps-wizard", "Version", "/reg:64") == __version__
        assert windows.cli("--version").out == f"aps-wizard {__version__}\n"

        assert windows.machine.run("msiexec", "/x", r"C:\wizard.msi", "/qn").code == 0
        assert not windows.program.exists()
        assert windows.machine.value(r"HKLM\Software\aps-wizard", "Version", "/reg:64") is None
        left = windows.machine.files().keys() - before
        assert not {name for name in left if "aps-wizard" in name}
    finally:
        for name in ("wizard.msi", "old.msi", "oldest.msi"):
            (windows.machine.drive / name).unlink()


# --- refused -----------------------------------------------------------------------------------


def test_an_old_windows_is_refused(windows: Windows) -> None:
    if (windows.program / "uninstall.exe").exists():
        assert windows.removed().code == 0
    windows.machine.windows("win81")
    try:
        assert windows.setup().code == 3
    finally:
        windows.machine.windows("win10")
    assert not windows.program.exists()


def test_a_full_disk_is_refused_before_anything_is_copied(windows: Windows, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", kilobytes=200 * 1024) as disk:
        letter = windows.machine.folder / "prefix" / "dosdevices" / "x:"
        letter.symlink_to(disk.folder)
        try:
            assert windows.setup(r"/D=X:\aps").code == 6
            assert not list(disk.folder.iterdir())
        finally:
            letter.unlink()


def test_an_unknown_account_of_the_engines_is_told_by_the_exit_code(windows: Windows) -> None:
    if (windows.program / "uninstall.exe").exists():
        assert windows.removed().code == 0
    # The older release is installed in a third of the time.
    installer = windows.build.older.target
    assert windows.setup(r"/ENGINES=nobody\of this machine", installer=installer).code == 8
    assert windows.setup("/ENGINES=nobody-here", installer=installer).code == 8
    assert windows.setup(r"/ENGINES=NT AUTHORITY\NETWORK SERVICE", installer=installer).code == 0
    # With the folders, which that account may read now.
    assert windows.removed("/PURGE").code == 0


def test_a_running_program_is_neither_replaced_nor_removed(windows: Windows) -> None:
    running = windows.installed().started("print('up', flush=True); import time; time.sleep(120)")
    try:
        assert running.stdout is not None
        assert running.stdout.readline().strip() == b"up"
        assert windows.setup().code == 4
        assert windows.removed().code == 4
        assert windows.cli("--version").code == 0
    finally:
        running.kill()
        running.communicate()
        windows.machine.run("taskkill", "/F", "/IM", "python.exe")


# --- upgraded and removed ----------------------------------------------------------------------


def test_upgrade_keeps_profiles_and_path_and_leaves_no_old_file(windows: Windows) -> None:
    if (windows.program / "uninstall.exe").exists():
        assert windows.removed().code == 0
    before = _path(windows)
    assert windows.setup("/PATH", installer=windows.build.older.target).code == 0
    assert (windows.program / "examples/gone.yaml").exists()
    assert _path(windows) == f"{before};{PROGRAM}"
    example = (sources.ROOT / "profiles" / "example-informix.yaml").read_bytes()
    profile = windows.machine.drive / DATA / "profiles" / "matriz.yaml"
    profile.write_bytes(example)

    with _engine_reading(windows, profile):
        assert windows.setup().code == 0
    assert not (windows.program / "examples/gone.yaml").exists()
    assert set(_installed_files(windows)) == set(windows.build.listed) | {"manifest.json", "uninstall.exe"}
    assert _path(windows) == f"{before};{PROGRAM}"
    assert profile.read_bytes() == example
    assert windows.cli("profile", "validate", "matriz").code == 0

    # Back to the older one: not without removing the newer one first.
    assert windows.setup(installer=windows.build.older.target).code == 7
    assert windows.removed().code == 0
    assert _path(windows) == before
    assert profile.read_bytes() == example
    profile.unlink()


def test_another_folder_with_blanks_and_accents(windows: Windows) -> None:
    if (windows.program / "uninstall.exe").exists():
        assert windows.removed().code == 0
    folder = r"C:\Programas de São João"
    # Without quotes, as /D wants it; wine puts the words together with blanks.
    assert windows.setup(*f"/D={folder}".split(" ")).code == 0
    done = windows.machine.run(folder + r"\aps-wizard-cli.exe", "profile", "schema")
    assert (done.code, "$schema" in done.out) == (0, True), done.out
    assert windows.removed(program=folder).code == 0
    assert not windows.machine.path(folder).exists()


def test_removed_is_all_of_it_and_nothing_else(windows: Windows) -> None:
    windows.installed()
    stranger = windows.program / "examples" / "of somebody else.txt"
    stranger.write_text("keep")
    profile = windows.machine.drive / DATA / "profiles" / "matriz.yaml"
    profile.write_text("kept: yes\n")

    # As Windows does it: the uninstaller goes on as a copy of itself.
    assert windows.machine.run(PROGRAM + r"\uninstall.exe", "/S").code == 0
    _wait_until(lambda: not (windows.program / "uninstall.exe").exists())
    assert [file.name for file in windows.program.rglob("*") if file.is_file()] == [stranger.name]
    assert profile.exists()

    stranger.unlink()
    stranger.parent.rmdir()
    windows.program.rmdir()
    assert windows.setup().code == 0
    assert windows.removed("/PURGE").code == 0
    new = {name: hash_ for name, hash_ in windows.machine.files().items() if windows.bare_files.get(name) != hash_}
    assert not {name for name in new if not name.startswith(("users/", "demo "))}
    # What a person opened lately and chose for the window is that person's, as with other programs.
    folders = {name for name in windows.machine.folders() - windows.bare_folders if "aps-wizard" in name}
    assert not {name for name in folders if not name.startswith("users/")}
    left = windows.machine.registry("HKEY_LOCAL_MACHINE").items() - windows.bare_registry.items()
    assert not [entry for entry in left if "aps" in str(entry).lower() or ".yaml" in str(entry)]


def test_installing_is_quick_and_the_installer_small(windows: Windows) -> None:
    """The best of all installations of this run: others use the machine as well."""
    windows.installed()
    size = windows.build.built.installer.stat().st_size
    print(f"\ninstalled in silence in {min(windows.seconds):.1f} s, installer (zlib) of {size / 1e6:.1f} MB")
    # Some seconds where nothing else runs; this much, on any machine, would be another way of installing.
    assert min(windows.seconds) <= 2 * PATIENCE


@contextmanager
def _engine_reading(windows: Windows, profile: Path) -> Iterator[None]:
    """An engine with a Python of its own that has the profile open."""
    own = windows.machine.drive / "engine"
    own.mkdir()
    for file in (windows.program / "runtime").iterdir():
        if file.is_file():
            shutil.copy(file, own)
    path = "C:\\" + profile.relative_to(windows.machine.drive).as_posix().replace("/", "\\")
    code = f"file = open(r'{path}'); print('open', flush=True); import time; time.sleep(120)"
    running = windows.started(code, python=r"C:\engine\python.exe")
    try:
        assert running.stdout is not None
        assert running.stdout.readline().strip() == b"open"
        yield
        assert running.poll() is None
    finally:
        running.kill()
        running.communicate()
        windows.machine.run("taskkill", "/F", "/IM", "python.exe")
        shutil.rmtree(own)


_TELL = "except references.SecretError as error: print(error.problem.code)\n"


def _demo_profile(windows: Windows) -> str:
    """The profile of a demo site; made once."""
    profile = r"C:\demo são joão\profiles\serra-azul.yaml"
    if not windows.installed().machine.path(profile).exists():
        code = (
            "import sys\n"
            "sys.modules['PySide6'] = None\n"
            "from wizard.cli import run\n"
            "sys.exit(run(['demo', '--dir', r'C:\\demo são joão']))\n"
        )
        done = windows.python(code)
        assert done.code == 0, done.out
    return profile


def _installed_files(windows: Windows) -> dict[str, str]:
    prefix = PROGRAM.removeprefix("C:\\").replace("\\", "/") + "/"
    return {
        name.removeprefix(prefix): hash_ for name, hash_ in windows.machine.files().items() if name.startswith(prefix)
    }


def _path(windows: Windows) -> str:
    key = r"[HKEY_LOCAL_MACHINE\System\CurrentControlSet\Control\Session Manager\Environment]"
    registry = windows.machine.registry(r"HKEY_LOCAL_MACHINE\System\CurrentControlSet\Control\Session Manager")
    value = registry[f'{key} "path"'.lower()]
    if value.startswith("hex(2):"):
        value = bytes(int(byte, 16) for byte in value.removeprefix("hex(2):").replace(" ", "").split(",")).decode(
            "utf-16"
        )
    return value.strip('"\0').replace("\\\\", "\\")


def _wait_until(done: object, seconds: float = 60) -> None:
    import time

    assert callable(done)
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.2)
