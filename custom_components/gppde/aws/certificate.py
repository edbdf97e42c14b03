"""A certificate for one attempt: it is made here, shown there, and forgotten afterwards."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

NAME = "quipgen"
CLOCKS_APART = timedelta(days=1)  # the instance's clock and ours
VALID = timedelta(days=1)  # an attempt takes minutes


class Certificate(NamedTuple):
    """`pem` is the secret key and the certificate, `fingerprint` its SHA-256 in hex digits."""

    pem: str
    fingerprint: str


def make_certificate() -> Certificate:
    """Nobody vouches for it but the client, who pins its fingerprint. Takes milliseconds."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(key)
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem = secret + certificate.public_bytes(Encoding.PEM)
    return Certificate(pem.decode(), sha256(certificate.public_bytes(Encoding.DER)).hexdigest())


def _certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCKS_APART)
        .not_valid_after(now + CLOCKS_APART + VALID)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
