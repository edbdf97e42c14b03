"""The server's certificate: one that was given, or one of its own that a client pins."""

import ipaddress
import logging
import os
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from .errors import CommandError
from .settings import Settings

log = logging.getLogger(__name__)

OWN = "certificate.pem"
VALID = timedelta(days=3650)
RENEWED = timedelta(days=30)  # before it ends
YESTERDAY = timedelta(days=1)  # a client's clock may be behind


class Secured(NamedTuple):
    """`fingerprint` is the certificate's SHA-256: upper-case pairs of hex digits, with colons."""

    context: ssl.SSLContext
    fingerprint: str


def secure(settings: Settings) -> Secured | None:
    """None where the settings want none. Raises CommandError."""
    if not settings.tls:
        _check_loopback(settings.host)
        return None
    certificate, key = _files(settings)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key, password="")  # none, and never ask
        return Secured(context, fingerprint_of(certificate.read_bytes()))
    except (OSError, ValueError) as error:
        raise CommandError(
            f"The certificate {certificate} cannot be used: {error}. Give a certificate and its "
            "key without a password as PEM files, or neither: then the server makes its own.",
        ) from error


def fingerprint_of(pem: bytes) -> str:
    """Of the first certificate in it. Raises ValueError."""
    digest = x509.load_pem_x509_certificate(pem).fingerprint(hashes.SHA256())
    return digest.hex(":").upper()


def _check_loopback(host: str) -> None:
    try:
        addresses = {entry[4][0] for entry in socket.getaddrinfo(host, None)}
    except OSError as error:
        raise CommandError(f"There is no host {host}: {error.strerror}.") from error
    if not all(ipaddress.ip_address(address).is_loopback for address in addresses):
        raise CommandError(
            f"Without TLS anyone between could read the token, so {host} is not served without. "
            "Leave TLS on, or listen on 127.0.0.1.",
        )


def _files(settings: Settings) -> tuple[Path, Path | None]:
    if settings.certificate:
        return settings.certificate, settings.key
    if settings.key:
        raise CommandError("A key is given without its certificate. Give both, or neither.")
    return own_certificate(settings.state), None


def own_certificate(folder: Path) -> Path:
    """A file with the server's own key and certificate, the same at every start."""
    file = folder / OWN
    try:
        if not _lasts(file):
            _write_secret(file, make_certificate())
            log.info("Made a certificate in %s", file)
    except OSError as error:
        raise CommandError(
            f"Cannot keep a certificate in {folder}: {error.strerror}. Choose another --state.",
        ) from error
    return file


def make_certificate() -> bytes:
    """A key and a certificate for it, as PEM. Clients know it by its fingerprint, not its name."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "quipgen")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - YESTERDAY)
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("quipgen")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return secret + certificate.public_bytes(serialization.Encoding.PEM)


def _lasts(file: Path) -> bool:
    try:
        pem = file.read_bytes()
        serialization.load_pem_private_key(pem, password=None)
        ends = x509.load_pem_x509_certificate(pem).not_valid_after_utc
    except FileNotFoundError:
        return False
    except (ValueError, TypeError):
        log.warning("The certificate in %s cannot be read; clients must pin a new one", file)
        return False
    return ends > datetime.now(UTC) + RENEWED


def _write_secret(file: Path, content: bytes) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
    part.replace(file)
