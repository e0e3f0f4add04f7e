"""Signing with osslsigncode. Certificate and password come from the environment, and the password through a pipe.

APS_SIGN_PFX: the file with certificate and key (PKCS#12). APS_SIGN_PASSWORD: its password.
APS_SIGN_TIMESTAMP: the address of a time stamp server (RFC 3161); without one a signature ends with its certificate.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TOOL = "osslsigncode"


def wanted() -> bool:
    """Whether a certificate was given."""
    return bool(os.environ.get("APS_SIGN_PFX"))


def sign(file: Path) -> None:
    """Sign a program in place. Raises OSError or CalledProcessError."""
    signed = file.with_name(file.name + ".signed")
    command = [
        TOOL, "sign", "-pkcs12", os.environ["APS_SIGN_PFX"], "-readpass", "/dev/stdin",
        "-h", "sha256", "-n", "aps-wizard", "-in", str(file), "-out", str(signed),
    ]  # fmt: skip
    if server := os.environ.get("APS_SIGN_TIMESTAMP"):
        command[2:2] = ["-ts", server]
    password = os.environ.get("APS_SIGN_PASSWORD", "")
    environment = {name: value for name, value in os.environ.items() if name != "APS_SIGN_PASSWORD"}
    signed.unlink(missing_ok=True)
    subprocess.run(command, input=password.encode(), capture_output=True, check=True, env=environment)
    signed.replace(file)


if __name__ == "__main__":
    # makensis hands over the uninstaller, which it makes itself.
    sign(Path(sys.argv[1]))
