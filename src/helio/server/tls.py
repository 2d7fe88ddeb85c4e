"""https: the certificate that a server shows."""

import ssl

from helio.server.options import Certificate


class CertificateError(Exception):
    """A certificate cannot be used; the message says why and what to do."""


def tls_context(certificate: Certificate) -> ssl.SSLContext:
    """What connections are encrypted by: TLS 1.2 or newer, HTTP/1.1. Raises `CertificateError`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    files = certificate.chain if certificate.key is None else f"{certificate.chain} and its key"
    try:
        context.load_cert_chain(certificate.chain, certificate.key, password=_no_password)
    except FileNotFoundError:
        missing = f"{certificate.chain} or {certificate.key}" if certificate.key else files
        raise CertificateError(f"There is no file {missing}.") from None
    except ssl.SSLError as error:
        raise CertificateError(
            f"{files} cannot be used for https: {error.reason or error}. The certificates are "
            "expected in PEM form, the server's own first, and the key without a password, in "
            "the same file or given by --key."
        ) from error
    except OSError as error:
        raise CertificateError(f"{files} cannot be read: {error.strerror}.") from error
    return context


def _no_password() -> str:
    """Without it, OpenSSL would ask whoever sits at the terminal."""
    return ""
