"""Signing with a certificate that the test makes itself, verified by osslsigncode."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from installer import sign

PASSWORD = "senha de teste ção"


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate for signing programs, in the environment as a maintainer gives it; the path of its public half."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "aps-wizard test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    store, public = tmp_path / "certificate.p12", tmp_path / "certificate.pem"
    closed = serialization.BestAvailableEncryption(PASSWORD.encode())
    store.write_bytes(pkcs12.serialize_key_and_certificates(b"test", key, made, None, closed))
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("APS_SIGN_PFX", str(store))
    monkeypatch.setenv("APS_SIGN_PASSWORD", PASSWORD)
    return public


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A small program of Windows."""
    if not shutil.which(sign.TOOL) or not shutil.which("x86_64-w64-mingw32-gcc"):
        pytest.skip("Debian packages are missing: osslsigncode gcc-mingw-w64-x86-64-win32")
    source, target = tmp_path / "small.c", tmp_path / "small.exe"
    source.write_text("int main(void) { return 0; }\n")
    subprocess.run(["x86_64-w64-mingw32-gcc", str(source), "-o", str(target)], check=True)
    return target


def verified(program: Path, certificate: Path) -> bool:
    command = [sign.TOOL, "verify", "-in", str(program), "-CAfile", str(certificate)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_signed_program_is_verified_until_a_byte_changes(program: Path, certificate: Path) -> None:
    assert not verified(program, certificate)
    sign.sign(program)
    assert verified(program, certificate)
    data = bytearray(program.read_bytes())
    data[0x200] ^= 1
    program.write_bytes(data)
    assert not verified(program, certificate)


@pytest.mark.usefixtures("certificate")
def test_a_wrong_password_signs_nothing_and_is_not_told(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APS_SIGN_PASSWORD", "another password")
    before = program.read_bytes()
    with pytest.raises(subprocess.CalledProcessError) as raised:
        sign.sign(program)
    assert program.read_bytes() == before
    assert "another password" not in str(raised.value)
    assert "another password" not in " ".join(raised.value.cmd)
