"""A secret on its way from the form that made it to the one page that shows it.

It waits in the session of whoever sent the form, until that page takes it out. Sessions are rows
of the database and are signed but can be read there, so it is encrypted with the SECRET_KEY: a
backup or a replica tells nobody what it is. It ends with the session, if it is never asked for.
"""

from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from joserfc import jwe
from joserfc.jwk import OctKey

IN_SESSION = "shown_once"
SALT = "orders.admin.shown_once"
HEADER = {"alg": "dir", "enc": "A256GCM"}


def keep(request: HttpRequest, name: str, secret: str) -> None:
    """Keep a secret under a name for the page that will show it to this person."""
    kept = {**request.session.get(IN_SESSION, {}), name: _sealed(secret)}
    request.session[IN_SESSION] = kept


def take(request: HttpRequest, name: str) -> str | None:
    """Answer the secret and forget it; None for one that was shown or that never was."""
    kept = dict(request.session.get(IN_SESSION, {}))
    sealed = kept.pop(name, None)
    if sealed is None:
        return None
    request.session[IN_SESSION] = kept
    plain = jwe.decrypt_compact(sealed, _key()).plaintext
    return (plain or b"").decode()


def _sealed(secret: str) -> str:
    return jwe.encrypt_compact(HEADER, secret, _key())


def _key() -> OctKey:
    return OctKey.import_key(salted_hmac(SALT, "", algorithm="sha256").digest())
