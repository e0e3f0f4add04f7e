"""Sealing bytes with a key or with a passphrase: AES-256-GCM, which also tells whether anything was changed."""

from __future__ import annotations

import os

KEY_BYTES = 32
_NONCE_BYTES = 12
_SALT_BYTES = 16

_SCRYPT_N, _SCRYPT_R, _SCRYPT_P = 2**17, 8, 1
"""128 MB and about half a second for each guess of a passphrase. Fixed, so that a file cannot ask for more."""


class NotOpened(Exception):
    """Another key or passphrase, or the bytes were changed: one cannot be told from the other."""


def new_key() -> bytes:
    """A key at random."""
    return os.urandom(KEY_BYTES)


def seal(data: bytes, key: bytes, about: bytes) -> bytes:
    """Seal bytes; `about` says what they are for and has to be the same when they are opened."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data, about)


def unseal(sealed: bytes, key: bytes, about: bytes) -> bytes:
    """Open what `seal` gave. Raises NotOpened."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], about)
    except (InvalidTag, ValueError):
        raise NotOpened from None


def seal_with_passphrase(data: bytes, passphrase: str, about: bytes) -> bytes:
    """Seal bytes for whoever knows a passphrase."""
    salt = os.urandom(_SALT_BYTES)
    return salt + seal(data, _key_of(passphrase, salt), about)


def unseal_with_passphrase(sealed: bytes, passphrase: str, about: bytes) -> bytes:
    """Open what `seal_with_passphrase` gave. Raises NotOpened."""
    return unseal(sealed[_SALT_BYTES:], _key_of(passphrase, sealed[:_SALT_BYTES]), about)


def _key_of(passphrase: str, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return Scrypt(salt, KEY_BYTES, _SCRYPT_N, _SCRYPT_R, _SCRYPT_P).derive(passphrase.encode())
