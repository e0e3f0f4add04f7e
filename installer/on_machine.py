"""What the installer asks the installed Python to do on the machine: folders with access lists, the entry in PATH.

Standard library and `wizard.secrets.windows_api`. NSIS would cut a PATH of more than 1024 characters; this does not.
Exit code 0: done; 1: not done, and standard error says why.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import sys
from pathlib import Path

ENVIRONMENT = r"SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
_READ_AND_EXECUTE = "0x1200a9"

OURS = {
    "profiles": ("*.yaml", "*.yaml.bak", "*.lock", "*.tmp"),
    "profiles/secrets": ("*",),
    "secrets": ("*",),
    "Logs": ("*.log", "*.log.?"),
}
"""What the program leaves in its folder of ProgramData; only this goes when everything is to go."""


def data_folder() -> Path:
    """Where profiles, machine secrets and logs are."""
    return Path(os.environ.get("ProgramData", r"C:\ProgramData")) / "aps-wizard"  # noqa: SIM112 - its name on Windows


def make_folders(engines: str | None) -> None:
    """The folders of the machine, open to Administrators and SYSTEM, and to the engines' account for reading.

    A folder that is there keeps the access it has, unless an account is named.
    """
    from wizard.secrets import windows_api

    read = ""
    if engines:
        read = f"(A;OICI;{_READ_AND_EXECUTE};;;{windows_api.sid_of(engines)})"
    top = data_folder()
    for folder in (top, top / "profiles", top / "Logs"):
        new = not folder.is_dir()
        folder.mkdir(parents=True, exist_ok=True)
        if new or engines:
            windows_api.set_access(folder, f"D:PAI(A;OICI;FA;;;BA)(A;OICI;FA;;;SY){read}")


def change_path(folder: str, *, wanted: bool) -> None:
    """Put a folder at the end of the machine's PATH, or take it out. Everything else in it stays as it is written."""
    if sys.platform != "win32":
        raise OSError("PATH is in the registry of Windows")
    import winreg

    rights = winreg.KEY_READ | winreg.KEY_WRITE | winreg.KEY_WOW64_64KEY
    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, ENVIRONMENT, 0, rights) as key:
        try:
            value, kind = winreg.QueryValueEx(key, "Path")
        except FileNotFoundError:
            value, kind = "", winreg.REG_EXPAND_SZ
        own = folder.rstrip("\\").lower()
        entries = [entry for entry in value.split(";") if entry.rstrip("\\").lower() != own] if value else []
        if wanted:
            entries.append(folder)
        changed = ";".join(entries)
        if changed == value:
            return
        winreg.SetValueEx(key, "Path", 0, kind, changed)
    # Whoever starts programs, such as the desktop, reads PATH anew.
    broadcast, setting_change, abort_if_hung = 0xFFFF, 0x1A, 0x2
    ctypes.windll.user32.SendMessageTimeoutW(
        broadcast, setting_change, 0, ctypes.c_wchar_p("Environment"), abort_if_hung, 2000, None
    )


def purge() -> None:
    """Delete profiles, their passwords and logs: what the program wrote there, and folders that are empty then."""
    top = data_folder()
    for name, patterns in OURS.items():
        for pattern in patterns:
            for file in (top / name).glob(pattern):
                if file.is_file():
                    file.unlink()
    for folder in (*(top / name for name in ("profiles/secrets", "profiles", "secrets", "Logs")), top):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def main() -> int:
    """`install [--engines ACCOUNT] [--path FOLDER]`, `remove --path FOLDER`, `purge`."""
    parser = argparse.ArgumentParser(description="Steps of the installer.")
    parser.add_argument("step", choices=("install", "remove", "purge"))
    parser.add_argument("--engines", default="")
    parser.add_argument("--path", default="")
    options = parser.parse_args()
    try:
        if options.step == "install":
            make_folders(options.engines)
        if options.path:
            change_path(options.path, wanted=options.step == "install")
        if options.step == "purge":
            purge()
    except OSError as error:
        sys.stderr.write(f"{options.step}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
