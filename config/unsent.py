"""What somebody sent with a session that had ended: kept until they have logged in again.

Until then it travels in the form of the login, signed, and nothing of it is stored; afterwards it
waits in the session of whoever had opened the form. Anybody else does not get it. A form with a
password or a secret in it is never kept.

Whoever logs in again in another window has other CSRF tokens from then on, and those in the forms
of the old window are refused. What these send is kept as well. That is sound as each form proves
who had opened it by a signature, which nobody else can make or see, and as nothing is done with
what is kept before that person says so.
"""

import re
from typing import Any

from django.core import signing
from django.http import HttpRequest, QueryDict

from config.modes import FIELD as MODE
from config.modes import SWITCH_BACK

# In forms: what was sent, who had opened the form, and that it is what was kept.
FIELD, WRITER, SENT_AGAIN = "_unsent", "_by", "_sent_again"
IN_SESSION = "unsent"
SALT = "config.unsent"
# For so long the page of the login may stay open, and any other page with a form.
SECONDS, SECONDS_OF_FORMS = 60 * 60, 7 * 24 * 60 * 60
SECRET = re.compile("password|secret", re.IGNORECASE)
NOT_TYPED = {"csrfmiddlewaretoken", WRITER, SENT_AGAIN, SWITCH_BACK}
# Buttons of every page; there is nothing to send again.
NOTHING_TYPED = {"logout", "mode", "unsent"}

_writers = signing.TimestampSigner(salt=f"{SALT}.writer")


def signature_of(user: Any) -> str:
    """Who opens a form, for the form to say."""
    return _writers.sign(str(user.pk))


def writer_of(request: HttpRequest) -> str | None:
    """The key of whoever had opened the form that is sent; None when that is not proved."""
    try:
        return _writers.unsign(request.POST.get(WRITER, ""), max_age=SECONDS_OF_FORMS)
    except signing.BadSignature:
        return None


def has_nothing_typed(request: HttpRequest) -> bool:
    """Whether it is one of the buttons that are on every page."""
    match = request.resolver_match
    return match is not None and match.url_name in NOTHING_TYPED


def pack(request: HttpRequest) -> str:
    """What a request has sent, for the form of the login; empty for what is not kept."""
    sent: QueryDict = request.POST
    writer = writer_of(request)
    if writer is None or "HX-Request" in request.headers or any(map(SECRET.search, sent)):
        return ""
    typed = [
        (name, value) for name, values in sent.lists() for value in values if name not in NOT_TYPED
    ]
    kept = {
        "by": writer,
        "path": request.get_full_path(),
        "mode": sent.get(MODE, ""),
        "typed": typed,
        "files": bool(request.FILES),
    }
    return signing.dumps(kept, salt=SALT, compress=True)


def keep(request: HttpRequest, packed: str) -> bool:
    """Keep it for whoever is logged in, if it is theirs; say whether it is."""
    try:
        kept: dict[str, Any] = signing.loads(packed, salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return False
    if kept["by"] != str(request.user.pk):
        return False
    request.session[IN_SESSION] = kept
    return True
