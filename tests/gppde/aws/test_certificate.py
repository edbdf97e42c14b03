import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography import x509

from custom_components.gppde.aws.certificate import make_certificate


def test_a_server_can_show_it_and_the_fingerprint_is_that_of_what_it_shows(tmp_path: Path) -> None:
    made = make_certificate()
    (tmp_path / "certificate.pem").write_text(made.pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(tmp_path / "certificate.pem")
    ours, theirs = socket.socketpair()
    shaken = threading.Thread(target=lambda: server.wrap_socket(theirs, server_side=True).close())
    shaken.start()
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    with client.wrap_socket(ours) as secured:
        shown = secured.getpeercert(binary_form=True)
    shaken.join(5)
    assert shown
    assert sha256(shown).hexdigest() == made.fingerprint


def test_two_attempts_share_nothing() -> None:
    one, other = make_certificate(), make_certificate()
    assert one.fingerprint != other.fingerprint
    assert one.pem != other.pem


def test_clocks_may_be_hours_apart() -> None:
    certificate = x509.load_pem_x509_certificate(make_certificate().pem.encode())
    now = datetime.now(UTC)
    assert certificate.not_valid_before_utc < now - timedelta(hours=12)
    assert certificate.not_valid_after_utc > now + timedelta(hours=12)
